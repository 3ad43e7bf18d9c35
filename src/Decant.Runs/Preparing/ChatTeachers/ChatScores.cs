using Decant.Data;
using Decant.Data.Labels;
using Decant.Data.Splitting;
using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Scoring;
using Decant.Teachers.Remote.Storing;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A chat model that scores the texts or pairs of a run from a prompt.</summary>
internal static class ChatScores
{
    /// <inheritdoc cref="ChatTeacher.Ask"/>
    public static ChatAnswers Ask(ChatLine line, ChatScorerOptions score, ChatAsking asking, DataSplits splits, CancellationToken cancellationToken)
    {
        if (splits.Classes.Count != 1)
            throw new DecantException($"{ChatTeacher.Path}.score: a chat model gives one number, and {splits.Train.Name} has {splits.Classes.Count} ({string.Join(", ", splits.Classes.Take(10))}). Name one column as target.");
        IChatQuestion<TextContent, ChatScore> question = new ChatScorer(new StoredChatClient(null), score); // refuses what is wrong before anything is opened
        _ = question.Messages(Texts(splits.Train).First());
        foreach (var split in ChatTeacher.All(splits))
            RequireScale(score, split);
        var words = new SurveyWords
        {
            Items = splits.Train[0].Content is TextContent { Pair: not null } ? "pairs of texts" : "texts",
            How = score.Evidence switch { ScoreEvidence.Stated => "by stated numbers", ScoreEvidence.Samples => FormattableString.Invariant($"by the mean of {score.Samples} answers"), _ => "by logprobs" },
            Wanted = "a number of the scale",
            Useless = "are no number of the scale",
            NextStep = $"Look at {ChatTeacher.Path}.score: its question, its scale, evidence and max-output-tokens.",
            Consequence = "they are not learned from, and where they are measured its mean score stands for them",
        };
        var said = new ChatSurvey<TextContent, ChatScore>(line, question, asking, item => $"{item.Text}\0{item.Pair}", words)
            .Ask(ChatTeacher.All(splits).SelectMany(Texts), cancellationToken);
        var mean = said.Answers.Values.Select(a => a.Score).OfType<double>().DefaultIfEmpty((score.From + score.To) / 2).Average();
        return new(line.Name, Said, [.. said.Remarks, .. said.Unasked > 0 ? [] : Agreement(score, said.Answers.Values)]) { Undecided = [(float)mean], Wanted = words.Wanted, Unasked = said.Unasked, Look = said.Look(line.Name, item => item.Pair is null ? item.Text : $"{item.Text} ↔ {item.Pair}", (_, answer) => FormattableString.Invariant($"{answer.Score:0.##}")) };

        float[]? Said(Sample sample) => said.Answers.GetValueOrDefault((TextContent)sample.Content)?.Score is { } number ? [(float)number] : null;
    }

    // Labels beyond the scale are of another one, and a teacher's scores would be too.
    private static void RequireScale(ChatScorerOptions score, Dataset split)
    {
        for (var i = 0; i < split.Count; i++)
        {
            if (split.AnnotationOf(i) is NumberAnnotation { Numbers: [var number, ..] } && (number < score.From || number > score.To))
                throw new DecantException(FormattableString.Invariant($"{split.Where(i)}: the number {number} is not on the scale of {ChatTeacher.Path}.score, from {score.From} to {score.To}. Ask for scores on the scale of the data."));
        }
    }

    private static IEnumerable<TextContent> Texts(Dataset split) => Enumerable.Range(0, split.Count).Select(i => split[i].Content as TextContent
        ?? throw new DecantException($"{split.Where(i)}: a chat model scores texts and pairs of texts here, and this is none. Use a teacher that is loaded or trained."));

    private static IEnumerable<string> Agreement(ChatScorerOptions asked, IEnumerable<ChatScore> known)
    {
        if (asked.Evidence == ScoreEvidence.Samples && known.Select(a => a.Variance).OfType<double>().ToArray() is { Length: > 0 } variances)
            yield return FormattableString.Invariant($"The teacher's agreement with itself: {asked.Samples} answers to a text have a standard deviation of {Math.Sqrt(variances.Average()):0.###}, on a scale from {asked.From} to {asked.To}.");
    }
}
