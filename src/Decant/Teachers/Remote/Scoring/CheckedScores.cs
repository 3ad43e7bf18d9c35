using System.Text.Json;
using Decant.Text;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>Takes the scores of a prompt's tokens out of a reply, and refuses one that is not about these tokens.</summary>
/// <param name="where">Who replied, for people.</param>
/// <param name="tokenizer">The tokenizer of the ids.</param>
/// <param name="options">How was asked.</param>
internal sealed class CheckedScores(string where, ITokenizer tokenizer, TokenScorerOptions options)
{
    private const double Rounding = 1e-3; // of half precision: a probability of 1 may come as a little more
    private readonly SameTokens _same = new(tokenizer);

    /// <summary>ln p of the tokens from one on.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="ids">The tokens that were sent.</param>
    /// <param name="first">The first token that is read, 1 or more.</param>
    /// <exception cref="DecantException">The server gives none, speaks of other tokens, or leaves one out.</exception>
    public float[] Of(JsonElement reply, int[] ids, int first)
    {
        var tokens = CompletionReply.Tokens(reply, ids, options.Form);
        if (tokens is null || tokens.Count <= options.Generated)
            throw Lacks(options.Form == PromptLogprobsForm.Echo
                ? "'logprobs.token_logprobs' of the prompt, as vLLM and SGLang give it for echo: true, logprobs: 1" : "'prompt_logprobs', as vLLM gives it");
        var counted = CompletionReply.Usage(reply)?.InputTokenCount ?? ids.Length;
        if (counted != ids.Length || tokens.Count < ids.Length || tokens.Count > ids.Length + options.Generated)
            throw new DecantException($"{where}: expected log-probabilities of the {ids.Length} tokens that were sent, came {tokens.Count} (prompt_tokens: {counted}). Its tokenizer is another, or it adds or leaves out tokens: serve the model with the tokenizer of 'input.tokenizer', and nothing added around a prompt of ids.");
        return [.. Enumerable.Range(first, ids.Length - first).Select(i => Score(tokens[i], ids[i], i))];
    }

    private float Score(PromptTokenScore came, int id, int at)
    {
        if (came is not { Logprob: null, Id: null, Text: null } && _same.Other(id, came) is { } other)
            throw new DecantException($"{where}: token {at + 1} was sent as {id} ('{tokenizer.TokenOf(id)}'), and came back as {other}: the server has another tokenizer, and what it scores is another text. Serve the model with the tokenizer of 'input.tokenizer'.");
        return came.Logprob is { } score && score <= Rounding && double.IsFinite(score) ? (float)Math.Min(0, score)
            : throw new DecantException(FormattableString.Invariant($"{where}: token {at + 1} ('{tokenizer.TokenOf(id)}') has {(came.Logprob is { } wrong ? $"the log-probability {wrong}" : "no log-probability (null, or not a number)")}, and each token of a text but the first needs one, a finite number of 0 or less. Ask in the other form, or look at the server's log."));
    }

    private DecantException Lacks(string wanted) => new(
        $"{where}: expected {wanted}, came none: this server gives no log-probabilities of a prompt's tokens. On-policy distillation from outside ('granularity: sampled') needs them: serve the model with vLLM or SGLang, ask in the other form, or load the teacher in this process.");
}
