namespace Sluice.TestKit;

/// <summary>File names that ordinary trees do hold and ordinary programs get wrong. Each is one component.</summary>
public static class OddNames
{
    /// <summary>Odd names in valid UTF-8.</summary>
    public static IReadOnlyList<TreePath> Utf8 { get; } =
    [
        "new\nline", "tab\there", "carriage\rreturn", "quote\"inside", "'single'", "comma,semi;colon", "=formula()",
        "+plus", "-dash", "@at", " leading space", "trailing space ", "dot.", "...", ".hidden", "back\\slash",
        "percent%20", "question?", "hash#", "star*", "a+b&c=d", "a:b", "a|b", "<tag>", "{brace}", "~tilde", "$HOME",
        "`tick`", "\u0001control", "\u007Fdelete", "Grüße", "日本語", "e\u0301 combining", "\u00E9 composed", "😀",
        "\u2028separator", "\u200Bzero width", "\uFEFFmark", "\uFFFDreplacement", "x-amz-meta", "*", "%", "&lt;",
        "null",
    ];

    /// <summary>Names that are not UTF-8: Latin-1, a lone continuation, an over-long slash, a surrogate, a cut sequence.</summary>
    public static IReadOnlyList<TreePath> NotUtf8 { get; } =
    [
        new byte[] { (byte)'f', 0xFC, (byte)'r' }, new byte[] { 0x80 }, new byte[] { (byte)'a', 0xC0, 0xAF, (byte)'b' },
        new byte[] { 0xED, 0xA0, 0x80 }, new byte[] { (byte)'z', 0xE2, 0x82 }, new byte[] { 0xFF, 0xFE },
    ];

    /// <summary>A name of <paramref name="bytes"/> bytes; 255 is the longest Linux takes.</summary>
    public static TreePath Long(int bytes = 255) => new string('n', bytes);
}
