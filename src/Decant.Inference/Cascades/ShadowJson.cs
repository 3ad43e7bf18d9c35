using System.Text.Json.Serialization;

namespace Decant.Inference.Cascades;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(ShadowRow))]
internal sealed partial class ShadowJson : JsonSerializerContext;
