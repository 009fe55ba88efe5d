using Sluice.Core.Faults;
using Sluice.Protocol.Constraints;

namespace Sluice.Protocol.Operations;

/// <summary>An operation of the service model, or one of Sluice's own.</summary>
public sealed record OperationInfo
{
    /// <summary>As in the <c>X-Amz-Target</c> header, after the prefix.</summary>
    public required string Name { get; init; }

    /// <summary>The Smithy name of its input.</summary>
    public required string InputName { get; init; }

    /// <summary>The Smithy name of its output.</summary>
    public required string OutputName { get; init; }

    /// <summary>The codes of the errors the model declares for it, in model order.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>The constraints on its input; null when the operation is not in scope.</summary>
    public StructureShape? Input { get; init; }

    /// <summary>Whether it is Sluice's own and not of the service model.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The <c>X-Amz-Target</c> header that names it.</summary>
    public string Target => (IsOwn ? SluiceOperations.TargetPrefix : OperationTable.TargetPrefix) + Name;

    /// <summary>What a principal must be allowed: <c>fsx:DescribeFileSystems</c>, <c>sluice:CreateRestoreTask</c>.</summary>
    public string Action => $"{(IsOwn ? "sluice" : "fsx")}:{Name}";

    /// <summary>Whether this service offers the operation.</summary>
    public bool IsInScope => Input is not null;

    /// <summary>Whether the model declares this error for the operation.</summary>
    /// <param name="code">The error.</param>
    public bool Declares(FaultCode code) => Errors.Contains(code.ToString(), StringComparer.Ordinal);

    /// <summary>
    /// The answer to an operation that is not in scope: <c>UnsupportedOperation</c> where it is modelled, else <c>BadRequest</c>.
    /// </summary>
    public FsxFault NotOffered() => new(
        Declares(FaultCode.UnsupportedOperation) ? FaultCode.UnsupportedOperation : FaultCode.BadRequest,
        $"The operation {Name} is not supported by this service.");
}
