using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Protocol.Faults;
using Sluice.Protocol.Json;

namespace Sluice.Protocol.Constraints;

/// <summary>
/// Checks a request against the constraint table: types first, then required members, lengths, ranges, patterns and
/// enums of every known member, all reported together. JSON null is an absent member; unknown members are ignored.
/// Rules between members are the operations' business.
/// </summary>
public sealed class RequestValidator
{
    /// <summary>The most violations one answer reports.</summary>
    public const int MaxReported = 10;

    private readonly List<Violation> _violations = [];

    private RequestValidator()
    {
    }

    /// <summary>Passes a request that keeps every constraint.</summary>
    /// <param name="shape">The operation's input, from <see cref="Operations.OperationInfo.Input"/>.</param>
    /// <param name="request">The request, from <see cref="RequestDocument.Parse"/>.</param>
    /// <exception cref="FrameworkFault">SerializationException for a wrong JSON type, BadRequest for violations.</exception>
    public static void Validate(StructureShape shape, JsonElement request)
    {
        var violations = FindViolations(shape, request);
        if (violations.Count > 0)
            throw FrameworkFault.InvalidRequest(violations);
    }

    /// <summary>The violations of a request in model order, at most <see cref="MaxReported"/>.</summary>
    /// <param name="shape">The operation's input.</param>
    /// <param name="request">The request.</param>
    /// <exception cref="FrameworkFault">SerializationException for a wrong JSON type.</exception>
    public static IReadOnlyList<Violation> FindViolations(StructureShape shape, JsonElement request)
    {
        TypeCheck.Check(shape, request);
        var validator = new RequestValidator();
        validator.CheckMembers(shape, request, "");
        return validator._violations;
    }

    private void Check(Shape shape, JsonElement value, string path)
    {
        switch (shape)
        {
            case StructureShape structure:
                CheckMembers(structure, value, path + ".");
                break;
            case ListShape list:
                CheckLength(value.GetArrayLength(), list.Min, list.Max, value, path);
                CheckElements(list, value, path);
                break;
            case StringShape text:
                CheckText(text, value, path);
                break;
            case IntegerShape integer:
                CheckRange(integer, value, path);
                break;
            default:
                break;
        }
    }

    private void CheckMembers(StructureShape structure, JsonElement value, string prefix)
    {
        foreach (var member in structure.Members)
        {
            if (_violations.Count == MaxReported)
                return;
            var path = prefix + char.ToLowerInvariant(member.Name[0]) + member.Name[1..];
            if (value.TryGetProperty(member.Name, out var found) && found.ValueKind != JsonValueKind.Null)
                Check(member.Shape, found, path);
            else if (member.IsRequired)
                Add(path, "null", "Member must not be null");
        }
    }

    private void CheckElements(ListShape list, JsonElement value, string path)
    {
        var position = 0;
        foreach (var element in value.EnumerateArray())
        {
            if (_violations.Count == MaxReported)
                return;
            var place = $"{path}.{++position}.member";
            if (element.ValueKind == JsonValueKind.Null)
                Add(place, "null", "Member must not be null");
            else
                Check(list.Element, element, place);
        }
    }

    private void CheckText(StringShape shape, JsonElement value, string path)
    {
        var text = value.GetString()!;
        if (shape.EnumValues.Count > 0 && !shape.EnumValues.Contains(text, StringComparer.Ordinal))
            Add(path, ShownValue.Of(value), $"Member must satisfy enum value set: [{string.Join(", ", shape.EnumValues)}]");
        var length = WireText.Length(text);
        CheckLength(length, shape.Min, shape.Max, value, path);
        // A pattern is never run on more than the text it was made for.
        if (shape.Matches is not null && !(length > shape.Max) && !IsMatch(shape.Matches, text))
            Add(path, ShownValue.Of(value), $"Member must satisfy regular expression pattern: {shape.Pattern}");
    }

    private void CheckRange(IntegerShape shape, JsonElement value, string path)
    {
        var number = FlooredNumber.Read(value);
        if (number < shape.Min)
            Add(path, ShownValue.Of(value), $"Member must have value greater than or equal to {shape.Min}");
        if (number > shape.Max || IsBeyondLong(number, value))
            Add(path, ShownValue.Of(value), $"Member must have value less than or equal to {shape.Max}");
    }

    private void CheckLength(int length, int min, int? max, JsonElement value, string path)
    {
        if (length < min)
            Add(path, ShownValue.Of(value), $"Member must have length greater than or equal to {min}");
        if (length > max)
            Add(path, ShownValue.Of(value), $"Member must have length less than or equal to {max}");
    }

    private void Add(string path, string value, string rule)
    {
        if (_violations.Count < MaxReported)
            _violations.Add(new Violation(path, value, rule));
    }

    private static bool IsMatch(Func<string, bool> matches, string text)
    {
        try
        {
            return matches(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    // Saturated by FlooredNumber: a long shape without a maximum must not quietly take 1e30 for the largest long.
    private static bool IsBeyondLong(long number, JsonElement value) =>
        number == long.MaxValue && !value.TryGetInt64(out _);
}
