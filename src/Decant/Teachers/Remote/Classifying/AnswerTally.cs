using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Classifying;

/// <summary>The answers to one text, with what they cost.</summary>
/// <param name="index">Which of the texts.</param>
internal sealed class AnswerTally(int index)
{
    private readonly List<ChatResponse> _responses = [];

    /// <summary>The answers, sample by sample.</summary>
    public IReadOnlyList<ChatResponse> Responses => _responses;

    /// <summary>Adds an answer.</summary>
    public void Add(ChatResponse response) => _responses.Add(response);

    /// <summary>Why an answer that names no class does not, where the server says it; null: it does not.</summary>
    public static AbstentionReason? Why(ChatResponse response)
    {
        if (response.FinishReason == ChatFinishReason.ContentFilter || response.AdditionalProperties?.ContainsKey(RequestNames.Refusal) == true)
            return AbstentionReason.Refused;
        return response.FinishReason == ChatFinishReason.Length ? AbstentionReason.CutOff : null;
    }

    /// <summary>The result with probabilities.</summary>
    public ChatClassification Answered(double[] probabilities, double seen) => Result() with { Probabilities = probabilities, SeenMass = seen };

    /// <summary>The result without.</summary>
    public ChatClassification Abstained(AbstentionReason why, string? detail = null) => Result() with { Abstention = why, Detail = detail };

    private ChatClassification Result() => new()
    {
        Index = index,
        InputTokens = _responses.Sum(r => r.Usage?.InputTokenCount ?? 0),
        OutputTokens = _responses.Sum(r => r.Usage?.OutputTokenCount ?? 0),
        IsFromStore = _responses.Count > 0 && _responses.All(r => r.IsFromStore()),
        Answers = [.. _responses.Select(r => r.Text)],
    };
}
