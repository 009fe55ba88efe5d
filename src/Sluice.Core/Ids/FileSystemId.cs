using System.Diagnostics.CodeAnalysis;

namespace Sluice.Core.Ids;

/// <summary>Identifier of a file system: <c>fs-</c> and at least 8 lower-case hex digits, 11 to 21 characters
/// (Smithy shape <c>FileSystemId</c>). <c>default</c> is not a valid id.</summary>
public readonly record struct FileSystemId : ISpanParsable<FileSystemId>
{
    private const string Prefix = "fs-";

    private readonly string? _value;

    private FileSystemId(string value) => _value = value;

    /// <summary>The id as it appears on the wire.</summary>
    public string Value => _value ?? throw new InvalidOperationException("An uninitialised FileSystemId has no value.");

    /// <inheritdoc/>
    public static FileSystemId Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static FileSystemId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a file system id; expected fs- and 8 to 18 hex digits.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out FileSystemId result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out FileSystemId result)
    {
        var valid = HexId.IsValid(s, Prefix, minDigits: 8, maxLength: 21);
        result = valid ? new FileSystemId(s.ToString()) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
