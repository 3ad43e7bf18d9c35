using System.Text.Json;
using Decant.Data;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>A line that was read.</summary>
/// <param name="Fields">The fields that go along to the answer, as they stand in the line.</param>
/// <param name="Content">The model's input; null: the line is at fault.</param>
/// <param name="Fault">What is wrong with it; null: nothing.</param>
internal sealed record PredictInput(IReadOnlyList<JsonProperty> Fields, SampleContent? Content, string? Fault)
{
    public static PredictInput Wrong(string fault, IReadOnlyList<JsonProperty>? fields = null) => new(fields ?? [], null, fault);
}
