using Decant.Evaluation.Texts;
using Decant.Runs.Recipes.Checks;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Preferring;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A chat model that prefers one of two texts, shown both orders of each pair. What is stored is not asked for again.</summary>
/// <param name="line">The way to it.</param>
/// <param name="ask">What it is asked.</param>
internal sealed class TextJudge(ChatLine line, PairJudgeOptions ask)
{
    private static readonly JudgedPair s_trial = new("What is the capital of France?", "Paris.", "Seven.");
    private readonly PairJudge _question = new(ask);

    /// <summary>The judge of a recipe. A program's own client is another's: that of its teacher.</summary>
    /// <param name="judge">What the recipe says.</param>
    /// <param name="asking">How models are reached.</param>
    /// <exception cref="DecantException">The endpoint is no address.</exception>
    public static TextJudge Of(PairJudgeSection judge, ChatAsking asking) => new(new ChatLine(judge, asking with { Client = null, Generator = null, Spending = null }, GenerationChecks.Judge), judge.Ask);

    /// <summary>The judge and its host, for people.</summary>
    public string Name => line.Name;

    /// <summary>Asks about a pair that has nothing to do with the data, before the long work starts: a wrong key, a wrong name or answers in another form are known at once.</summary>
    /// <exception cref="DecantException">It cannot be reached, or its answer cannot be used.</exception>
    public void Try(CancellationToken cancellationToken)
    {
        using var answers = line.OpenAnswers();
        var said = Asked(ChatLine.Stored(answers), [s_trial], cancellationToken).Single().Answer;
        if (said.Better is null)
            said = Asked(line.Client(answers, isFirst: true), [s_trial], cancellationToken).Single().Answer;
        if (said.Abstention is not { } why)
            return;
        var words = said.Detail ?? (said.Answers is [{ Length: > 0 } text, ..] ? $"'{Cut(text)}'" : "nothing");
        throw new DecantException($"{line.Path}: {line.Name} was asked on trial which of two texts is better, and what came cannot be used ({AbstentionWords.Of(why)}): {words.TrimEnd('.')}. Nothing was trained. Look at {line.Path}.ask, and whether the model answers in JSON.");
    }

    /// <summary>Asks about the texts of two models after the same prompts.</summary>
    /// <param name="a">What the one wrote.</param>
    /// <param name="b">What the other wrote.</param>
    /// <param name="progress">Gets how many questions of how many are answered; null: nobody does.</param>
    /// <param name="cancellationToken">Stops; what was answered stays in the store.</param>
    /// <exception cref="DecantException">It cannot be reached. A budget that is spent ends the asking without an error.</exception>
    public JudgedTexts Judge(WrittenTexts a, WrittenTexts b, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        var pairs = a.Texts.Zip(b.Texts, (x, y) => new JudgedPair(x.Prompt, x.Text, y.Text)).ToArray();
        JudgedPair[] questions = [.. pairs.Where(p => !AreSame(p)).SelectMany(p => new[] { p, p.Swapped }).Distinct()];
        using var answers = line.OpenAnswers();
        var (said, isSpent) = Answers(answers, questions, progress, cancellationToken);
        return JudgedTexts.Of(pairs.Select(p => AreSame(p) ? (p, null, null) : (Pair: p, said.GetValueOrDefault(p), said.GetValueOrDefault(p.Swapped))), AreSame) with
        {
            Remarks = [.. Remarks(answers, questions.Length, said, isSpent)],
        };
    }

    private static bool AreSame(JudgedPair pair) => ExactText.Of(pair.First, pair.Second) == 1;

    private (Dictionary<JudgedPair, PairJudgement> Said, bool IsSpent) Answers(RemoteAnswers answers, JudgedPair[] questions, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        var said = Stored(answers, questions, cancellationToken);
        JudgedPair[] missing = [.. questions.Where(q => !said.ContainsKey(q))];
        if (missing.Length == 0)
            return (said, false);
        try
        {
            foreach (var (pair, answer) in Asked(line.Client(answers), missing, cancellationToken))
            {
                said[pair] = answer;
                progress?.Invoke(said.Count, questions.Length);
            }

            return (said, false);
        }
        catch (BudgetExceededException)
        {
            // What was out at that moment has been answered and stored since.
            foreach (var (pair, answer) in Stored(answers, missing, cancellationToken))
                said.TryAdd(pair, answer);
            return (said, true);
        }
    }

    private Dictionary<JudgedPair, PairJudgement> Stored(RemoteAnswers answers, JudgedPair[] questions, CancellationToken cancellationToken) =>
        Asked(ChatLine.Stored(answers), questions, cancellationToken).Where(a => a.Answer.IsFromStore).ToDictionary(a => a.Pair, a => a.Answer);

    private IEnumerable<(JudgedPair Pair, PairJudgement Answer)> Asked(IChatClient client, JudgedPair[] pairs, CancellationToken cancellationToken)
    {
        using (client)
        {
            foreach (var answer in _question.AskAsync(client, pairs, line.Concurrency, null, cancellationToken, ChatSurvey<string, PairJudgement>.Patience).ToBlockingEnumerable(cancellationToken))
                yield return (pairs[answer.Index], answer);
        }
    }

    private IEnumerable<string> Remarks(RemoteAnswers answers, int questions, Dictionary<JudgedPair, PairJudgement> said, bool isSpent)
    {
        yield return FormattableString.Invariant($"The judge is {line.Name}: {questions:N0} questions about two texts, of which the store had {said.Values.Count(s => s.IsFromStore):N0}; of all to it, {line.Sent(answers)}.");
        var aside = said.Values.Where(s => s.Abstention is not null).ToArray();
        if (aside.Length > 0)
            yield return FormattableString.Invariant($"{aside.Length:N0} of {said.Count:N0} answers of the judge cannot be used ({AbstentionWords.Counted(aside)}{(aside.SelectMany(s => s.Answers).FirstOrDefault(t => t.Length > 0) is { } example ? $", such as '{Cut(example)}'" : "")}): their prompts are not counted.");
        if (isSpent)
            yield return FormattableString.Invariant($"The judge's budget ({line.Path}.budget) was spent after {said.Count:N0} of {questions:N0} answers: prompts that were not asked about in both orders are not counted.");
        if (answers.LostInFlight > 0)
            yield return FormattableString.Invariant($"{answers.LostInFlight:N0} requests to the judge were out when earlier processes ended, and may have been billed without an answer.");
    }

    private static string Cut(string text) => (text.Length > 60 ? text[..60] + "…" : text).ReplaceLineEndings(" ");
}
