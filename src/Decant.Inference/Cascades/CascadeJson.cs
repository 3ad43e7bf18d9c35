using System.Text.Json.Serialization;

namespace Decant.Inference.Cascades;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CascadePolicy))]
internal sealed partial class CascadeJson : JsonSerializerContext;
