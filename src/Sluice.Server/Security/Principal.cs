using System.IO.Enumeration;

namespace Sluice.Server.Security;

/// <summary>Someone who may call: a pair of keys and the operations allowed to it.</summary>
public sealed record Principal
{
    /// <summary>Name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Access key id.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>Secret access key.</summary>
    public required string SecretAccessKey { get; init; }

    /// <summary>Allowed operations, as <c>fsx:Describe*</c> or <c>sluice:CreateRestoreTask</c>; <c>*</c> stands for any characters. Everything else is denied.</summary>
    public required IReadOnlyList<string> Allow { get; init; }

    /// <summary>Whether an operation is allowed, by its <see cref="Protocol.Operations.OperationInfo.Action"/>.</summary>
    public bool MayCall(string action) => Allow.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, action, ignoreCase: true));
}
