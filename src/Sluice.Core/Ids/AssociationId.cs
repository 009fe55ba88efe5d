using System.Diagnostics.CodeAnalysis;

namespace Sluice.Core.Ids;

/// <summary>Identifier of a data repository association: <c>dra-</c> and 9 to 19 lower-case hex digits, 13 to 23 characters
/// (Smithy shape <c>DataRepositoryAssociationId</c>; its pattern alone would allow 8 digits, its length does not). <c>default</c> is not a valid id.</summary>
public readonly record struct AssociationId : ISpanParsable<AssociationId>
{
    private const string Prefix = "dra-";

    private readonly string? _value;

    private AssociationId(string value) => _value = value;

    /// <summary>The id as it appears on the wire.</summary>
    public string Value => _value ?? throw new InvalidOperationException("An uninitialised AssociationId has no value.");

    /// <inheritdoc/>
    public static AssociationId Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static AssociationId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not an association id; expected dra- and 9 to 19 hex digits.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AssociationId result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out AssociationId result)
    {
        var valid = HexId.IsValid(s, Prefix, minDigits: 9, maxLength: 23);
        result = valid ? new AssociationId(s.ToString()) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
