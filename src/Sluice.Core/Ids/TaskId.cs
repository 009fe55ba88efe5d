using System.Diagnostics.CodeAnalysis;

namespace Sluice.Core.Ids;

/// <summary>Identifier of a data repository task: <c>task-</c> and at least 17 lower-case hex digits, 12 to 128 characters
/// (Smithy shape <c>TaskId</c>). <c>default</c> is not a valid id.</summary>
public readonly record struct TaskId : ISpanParsable<TaskId>
{
    private const string Prefix = "task-";

    private readonly string? _value;

    private TaskId(string value) => _value = value;

    /// <summary>The id as it appears on the wire.</summary>
    public string Value => _value ?? throw new InvalidOperationException("An uninitialised TaskId has no value.");

    /// <inheritdoc/>
    public static TaskId Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static TaskId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a task id; expected task- and 17 or more hex digits.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TaskId result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out TaskId result)
    {
        var valid = HexId.IsValid(s, Prefix, minDigits: 17, maxLength: 128);
        result = valid ? new TaskId(s.ToString()) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
