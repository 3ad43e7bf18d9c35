using Microsoft.Extensions.AI;

namespace Decant.Inference;

/// <summary>The options of a chat as those of a continuation.</summary>
internal static class ChatChoices
{
    /// <summary>The most tokens of a reply where nobody says how many.</summary>
    public const int UsualTokens = 4096;

    /// <summary>How a reply is generated.</summary>
    /// <param name="options">Null: greedily.</param>
    /// <param name="model">The model's name.</param>
    /// <exception cref="NotSupportedException">An option cannot be obeyed.</exception>
    public static TextGenerationOptions Of(ChatOptions? options, string model)
    {
        options ??= new();
        Refuse(options.Tools is { Count: > 0 }, nameof(options.Tools), "calls are not read back from the model's text");
        Refuse(options.ToolMode is not (null or AutoChatToolMode or NoneChatToolMode), nameof(options.ToolMode), "calls are not read back from the model's text");
        Refuse(options.AllowMultipleToolCalls is not null, nameof(options.AllowMultipleToolCalls), "calls are not read back from the model's text");
        Refuse(options.ResponseFormat is not (null or ChatResponseFormatText), nameof(options.ResponseFormat), "the model's text is free");
        Refuse(options.FrequencyPenalty is not (null or 0), nameof(options.FrequencyPenalty), "only temperature, top-k and top-p change what is drawn");
        Refuse(options.PresencePenalty is not (null or 0), nameof(options.PresencePenalty), "only temperature, top-k and top-p change what is drawn");
        Refuse(options.ConversationId is not null, nameof(options.ConversationId), "no conversation is kept; give all messages");
        Refuse(options.Reasoning is not null, nameof(options.Reasoning), "what a model thinks is up to its template");
        Refuse(options.ModelId is not null && options.ModelId != model, nameof(options.ModelId), $"this client has the model '{model}'");
        Refuse(options.AllowBackgroundResponses == true || options.ContinuationToken is not null, nameof(options.AllowBackgroundResponses), "replies come at once");
        Refuse(options.RawRepresentationFactory is not null, nameof(options.RawRepresentationFactory), "there is no other API below");
        Refuse(options.AdditionalProperties is { Count: > 0 }, nameof(options.AdditionalProperties), string.Join(", ", options.AdditionalProperties?.Keys ?? []) + " is not known here");
        return new()
        {
            MaxNewTokens = options.MaxOutputTokens ?? UsualTokens,
            Temperature = options.Temperature ?? 0,
            TopP = options.TopP ?? 1,
            TopK = options.TopK,
            Seed = unchecked((ulong)(options.Seed ?? Random.Shared.NextInt64())),
            StopTexts = [.. options.StopSequences ?? []],
        };
    }

    private static void Refuse(bool isAsked, string option, string reason)
    {
        if (isAsked)
            throw new NotSupportedException($"ChatOptions.{option} cannot be obeyed by a Decant model: {reason}. Leave it out.");
    }
}
