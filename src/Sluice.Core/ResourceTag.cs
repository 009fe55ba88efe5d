namespace Sluice.Core;

/// <summary>A tag of a resource; keys are unique per resource and case-sensitive.</summary>
/// <param name="Key">1 to 128 characters.</param>
/// <param name="Value">0 to 256 characters.</param>
public readonly record struct ResourceTag(string Key, string Value);
