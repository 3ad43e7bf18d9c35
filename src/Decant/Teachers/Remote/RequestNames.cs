namespace Decant.Teachers.Remote;

/// <summary>Names in <c>ChatOptions.AdditionalProperties</c> and <c>ChatResponse.AdditionalProperties</c>: those of the wire, where it has them.</summary>
internal static class RequestNames
{
    /// <summary>Asked: whether; answered: <see cref="TokenLogprobs"/> of the generated tokens.</summary>
    public const string Logprobs = "logprobs";

    /// <summary>How many of the most probable tokens are wanted.</summary>
    public const string TopLogprobs = "top_logprobs";

    /// <summary>Asked of vLLM: how many logprobs for each token of the prompt; answered: how many tokens had some.</summary>
    public const string PromptLogprobs = "prompt_logprobs";

    /// <summary>Whether the prompt is answered with, and so its logprobs.</summary>
    public const string Echo = "echo";

    /// <summary>The model's name.</summary>
    public const string Model = "model";

    /// <summary>Of a completion: the text, or its tokens.</summary>
    public const string Prompt = "prompt";

    /// <summary>The most tokens that are generated.</summary>
    public const string MaxTokens = "max_tokens";

    /// <summary>The temperature.</summary>
    public const string Temperature = "temperature";

    /// <summary>How many choices are wanted.</summary>
    public const string Choices = "n";

    /// <summary>Answered: the texts of all choices.</summary>
    public const string ChoiceTexts = "choices";

    /// <summary>Which of several samples of one prompt this is; part of what is stored, and not sent.</summary>
    public const string Sample = "sample";

    /// <summary>Answered: the text by which the model refused.</summary>
    public const string Refusal = "refusal";

    /// <summary>Answered: true where the answer came from a store.</summary>
    public const string FromStore = "from_store";

    /// <summary>What is sent under its own name.</summary>
    public static readonly string[] Sent = [Logprobs, TopLogprobs, PromptLogprobs, Echo, Choices];
}
