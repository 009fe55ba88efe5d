namespace Sluice.Engine.Runs;

/// <summary>A task as a whole can't run; its message becomes FailureDetails.</summary>
internal sealed class TaskFailedException(string message) : Exception(message);
