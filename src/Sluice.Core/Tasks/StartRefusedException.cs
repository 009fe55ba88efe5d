namespace Sluice.Core.Tasks;

/// <summary>The task was canceled before this file's first side effect; nothing was done for it. Not an error of the file.</summary>
public sealed class StartRefusedException() : OperationCanceledException("The task was canceled before this file was started.");
