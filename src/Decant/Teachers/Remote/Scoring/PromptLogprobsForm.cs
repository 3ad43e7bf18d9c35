namespace Decant.Teachers.Remote.Scoring;

/// <summary>How a server is asked for the log-probabilities of the tokens of a prompt, at <c>/completions</c>.</summary>
internal enum PromptLogprobsForm
{
    /// <summary><c>echo: true, logprobs: 1</c>, as OpenAI's older API had it: vLLM, SGLang. Tokens come back as texts.</summary>
    Echo,

    /// <summary>vLLM's own <c>prompt_logprobs: 0</c>: tokens come back as ids with texts.</summary>
    PromptLogprobs,
}
