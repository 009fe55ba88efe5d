using Sluice.Core.Files;

namespace Sluice.Engine.Movers;

/// <summary>Why a file was not released.</summary>
/// <param name="Code">For the completion report.</param>
/// <param name="Detail">For the log.</param>
public sealed record ReleaseRefusal(FailureCode Code, string Detail);
