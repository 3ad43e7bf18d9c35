using System.Text.Json;
using System.Text.Json.Serialization;
using Decant.Text.PostProcessing;

namespace Decant.Text.Configuration;

/// <summary>What a tokenizer's signature is written from, by code that the compiler generates: programs that are trimmed or compiled ahead of time have no reflection for it.</summary>
[JsonSerializable(typeof(Template))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
internal sealed partial class TokenizerTypes : JsonSerializerContext;
