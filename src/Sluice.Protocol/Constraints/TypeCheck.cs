using System.Text.Json;
using Sluice.Protocol.Faults;
using Sluice.Protocol.Json;

namespace Sluice.Protocol.Constraints;

/// <summary>
/// Whether each known member has the JSON type of its shape. The first that doesn't is the answer, in the words of the
/// AWS server framework (as measured by the authors of kinesalite). One difference: the framework quietly
/// reads a text for a boolean as false; here it is refused.
/// </summary>
internal static class TypeCheck
{
    private const string ListStart = "Start of list found where not expected";
    private const string StructureStart = "Start of structure or map found where not expected.";

    /// <exception cref="FrameworkFault">SerializationException.</exception>
    public static void Check(Shape shape, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return;
        switch (shape)
        {
            case StructureShape structure:
                Require(value, JsonValueKind.Object, "Expected null");
                foreach (var member in structure.Members)
                {
                    if (value.TryGetProperty(member.Name, out var found))
                        Check(member.Shape, found);
                }

                break;
            case ListShape list:
                Require(value, JsonValueKind.Array, "Expected list or null");
                foreach (var element in value.EnumerateArray())
                    Check(list.Element, element);
                break;
            case StringShape:
                Require(value, JsonValueKind.String, NotConvertible(value, "String"));
                break;
            case IntegerShape integer:
                Require(value, JsonValueKind.Number, NotConvertible(value, integer.JavaType));
                break;
            default:
                if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                    Require(value, JsonValueKind.True, NotConvertible(value, "Boolean"));
                break;
        }
    }

    private static void Require(JsonElement value, JsonValueKind kind, string otherwise)
    {
        if (value.ValueKind == kind)
            return;
        throw FrameworkFault.Serialization(value.ValueKind switch
        {
            JsonValueKind.Array => ListStart,
            JsonValueKind.Object => StructureStart,
            _ => otherwise,
        });
    }

    private static string NotConvertible(JsonElement value, string wanted) =>
        $"class {JavaClass(value)} can not be converted to an {wanted}";

    private static string JavaClass(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "java.lang.Boolean",
        JsonValueKind.Number when !value.TryGetInt64(out _) => "java.lang.Double",
        JsonValueKind.Number => FlooredNumber.Read(value) switch
        {
            >= short.MinValue and <= short.MaxValue => "java.lang.Short",
            >= int.MinValue and <= int.MaxValue => "java.lang.Integer",
            _ => "java.lang.Long",
        },
        _ => "java.lang.String",
    };
}
