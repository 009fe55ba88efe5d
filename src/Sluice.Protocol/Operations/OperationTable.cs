using System.Collections.Frozen;
using Sluice.Protocol.Faults;

namespace Sluice.Protocol.Operations;

/// <summary>All operations of the service model, and how a request names one of them or of Sluice's own.</summary>
public static class OperationTable
{
    /// <summary>What precedes the operation in the <c>X-Amz-Target</c> header.</summary>
    public const string TargetPrefix = "AWSSimbaAPIService_v20180301.";

    private static readonly FrozenDictionary<string, OperationInfo> ByName =
        OperationRows.All.ToFrozenDictionary(static row => row.Name, StringComparer.Ordinal);

    /// <summary>Every operation, by name.</summary>
    public static IReadOnlyList<OperationInfo> All => OperationRows.All;

    /// <summary>The operation of this name, or null.</summary>
    /// <param name="name">Case-sensitive, without the prefix.</param>
    public static OperationInfo? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The operation a request names.</summary>
    /// <param name="target">The value of <c>X-Amz-Target</c>; null when the header is missing.</param>
    /// <exception cref="FrameworkFault">UnknownOperationException.</exception>
    public static OperationInfo FromTarget(string? target)
    {
        if (string.IsNullOrEmpty(target))
            throw FrameworkFault.UnknownOperation("The X-Amz-Target header is missing.");
        var name = target.StartsWith(TargetPrefix, StringComparison.Ordinal) ? target[TargetPrefix.Length..] : "";
        return Find(name)
            ?? SluiceOperations.FromTarget(target)
            ?? throw FrameworkFault.UnknownOperation($"The X-Amz-Target '{WireText.Cut(target, 128)}' names no operation of Amazon FSx or Sluice.");
    }
}
