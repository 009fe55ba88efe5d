namespace Sluice.Protocol.Constraints;

/// <summary>One constraint a request breaks.</summary>
/// <param name="Path">Where: <c>tags.1.member.key</c>; elements are counted from 1.</param>
/// <param name="Value">The value as the message shows it: quoted and cut, or <c>null</c>.</param>
/// <param name="Rule">What it should be: <c>Member must not be null</c>.</param>
public sealed record Violation(string Path, string Value, string Rule)
{
    /// <summary>The sentence of the AWS server framework.</summary>
    public override string ToString() => $"Value {Value} at '{Path}' failed to satisfy constraint: {Rule}";
}
