using System.Text.Json.Serialization;
using Sluice.Protocol.Json;

namespace Sluice.Protocol.Shapes;

/// <summary>Source-generated JSON of the shapes of Sluice's own operations, by the rules of <see cref="FsxJsonContext"/>.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(EpochSecondsConverter), typeof(FlooredInt32Converter), typeof(FlooredInt64Converter)])]
[JsonSerializable(typeof(CreateRestoreTaskRequest))]
[JsonSerializable(typeof(CreateRestoreTaskResponse))]
[JsonSerializable(typeof(ResolvePathsRequest))]
[JsonSerializable(typeof(ResolvePathsResponse))]
public sealed partial class SluiceJsonContext : JsonSerializerContext;
