using System.Text.Json.Serialization;
using Sluice.Protocol.Json;

namespace Sluice.Protocol.Shapes;

/// <summary>
/// Source-generated JSON of every wire shape: member names as in the model, nulls left out, empty lists written,
/// instants as epoch seconds, fractional numbers floored where an integer is meant, unknown members ignored.
/// </summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(EpochSecondsConverter), typeof(FlooredInt32Converter), typeof(FlooredInt64Converter)])]
public sealed partial class FsxJsonContext : JsonSerializerContext;
