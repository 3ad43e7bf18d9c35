using System.Globalization;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Probing;
using Decant.Teachers.Remote.Scoring;

namespace Decant.Runs.Jobs;

/// <summary>Asks a recipe's teacher behind an API a dozen short questions, and compares what it can do with what the recipe needs, before any text is paid for.</summary>
/// <param name="catalog">How it is reached.</param>
internal sealed class ProbeJob(Catalog catalog)
{
    private const string Path = ChatTeacher.Path;

    /// <summary>Probes it.</summary>
    /// <param name="recipe">A recipe with <c>teacher.chat</c>.</param>
    /// <param name="cancellationToken">Ends the probe.</param>
    /// <returns>What it can do, what it lacks that the recipe uses, and what the probe cost, a line each.</returns>
    /// <exception cref="DecantException">The recipe has no such teacher, it cannot be reached, or it cannot do what the recipe needs.</exception>
    public IReadOnlyList<PlanLine> Run(RecipeDocument recipe, CancellationToken cancellationToken)
    {
        if (recipe.Run is not Recipe { Teacher.Chat: { } chat })
            throw new DecantException("--probe is for a teacher behind an API, and the recipe has no teacher.chat; leave it out.");
        var line = new ChatLine(chat, catalog.Asking, Path);
        using var client = line.Unstored();
        var can = ChatProbe.RunAsync(client, cancellationToken).GetAwaiter().GetResult();
        if (Needed(chat, can) is { } fault)
            throw new DecantException(fault);
        return [.. Lines(line, chat, can).Select(text => new PlanLine("probe", text))];
    }

    private static string? Needed(ChatSection chat, ChatCapabilities can)
    {
        if (can.TopLogprobs == 0 && (Asks(chat) || chat.Score is { Evidence: ScoreEvidence.Logprobs }))
            return $"{Path}.{(chat.Score is null ? "ask" : "score")}.evidence: it is logprobs, and the server gives no probabilities of the tokens that it generates{Refused(can)}. Take samples, or stated.";
        return null;
    }

    // A classification asks for logprobs unless it says otherwise.
    private static bool Asks(ChatSection chat) => chat is { Extract: null, Score: null, Rank: null, Write: null } && (chat.Ask?.Evidence ?? ClassEvidence.Logprobs) == ClassEvidence.Logprobs;

    private static IEnumerable<string> Lines(ChatLine line, ChatSection chat, ChatCapabilities can)
    {
        string[] abilities =
        [
            can.TopLogprobs > 0 ? string.Create(CultureInfo.InvariantCulture, $"logprobs of {can.TopLogprobs} tokens at each place of an answer") : "no logprobs of answers",
            can.PromptLogprobs ? "logprobs of prompts" : "none of prompts",
            can.Seed switch { true => "a seed is kept", false => "no seed", _ => "all samples were the same" },
            can.JsonSchema ? "JSON by a schema" : can.JsonMode ? "JSON" : "no JSON mode",
            can.Usage ? "tokens are counted" : "tokens are not counted",
        ];
        yield return $"{line.Name}{(can.Model is { } named && named != chat.Model ? $" (which calls itself {named})" : "")}: {string.Join(", ", abilities)}";
        foreach (var lack in Lacks(chat, can))
            yield return lack;
        yield return string.Create(CultureInfo.InvariantCulture, $"cost {can.Requests} requests, {can.InputTokens:N0} input and {can.OutputTokens:N0} output tokens{(line.Prices is { } prices ? string.Create(CultureInfo.InvariantCulture, $", {prices.Of(can.InputTokens, can.OutputTokens):0.######} by the recipe's prices") : "")}");
    }

    // What a run can do without, and the reader should know.
    private static IEnumerable<string> Lacks(ChatSection chat, ChatCapabilities can)
    {
        var (asked, samples) = (Asks(chat) ? (chat.Ask ?? new()).TopLogprobs : chat.Score is { Evidence: ScoreEvidence.Logprobs } score ? score.TopLogprobs : 0, Samples(chat));
        if (can.TopLogprobs < asked)
            yield return string.Create(CultureInfo.InvariantCulture, $"the recipe asks for logprobs of {asked} tokens (top-logprobs), and the server gives {can.TopLogprobs}: answers that are not among them count as 0");
        if (samples > 1 && can.Seed is null)
            yield return $"the recipe takes {samples} samples, and the server's were all the same: their shares would say nothing";
        if (samples > 1 && can.Seed == false)
            yield return "samples have no seed here: what is stored stays as it is, and other samples would differ";
        if (!can.JsonMode && (chat.Extract is not null || chat.Rank is not null || chat.Write?.Rationale is not null || chat.Ask?.Evidence == ClassEvidence.Stated || chat.Score?.Evidence == ScoreEvidence.Stated))
            yield return "the recipe needs JSON, and the server does not keep to it when it is asked to: more answers may be set aside";
        if (!can.Usage && chat.Budget is not null)
            yield return "the server does not count tokens: the budget counts each request with all that it could take";
    }

    private static int Samples(ChatSection chat) => chat.Ask is { Evidence: ClassEvidence.Samples } ask ? ask.Samples
        : chat.Score is { Evidence: ScoreEvidence.Samples } score ? score.Samples
        : chat.Extract?.Samples ?? chat.Write?.Samples ?? 1;

    private static string Refused(ChatCapabilities can) => can.Refusals.FirstOrDefault(r => r.Contains("logprobs", StringComparison.OrdinalIgnoreCase)) is { } why ? $" ({why.TrimEnd('.')})" : "";
}
