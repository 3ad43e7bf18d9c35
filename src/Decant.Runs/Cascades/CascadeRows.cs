using Decant.Data;
using Decant.Evaluation;
using Decant.Inference.Cascades;

namespace Decant.Runs.Cascades;

/// <summary>The answers of student and teacher, row by row.</summary>
internal static class CascadeRows
{
    /// <summary>Of a split, on which both were asked.</summary>
    /// <param name="student">The student's answers.</param>
    /// <param name="teacher">The teacher's class of each sample, by its id; samples that it has none for are left out.</param>
    /// <param name="split">The split, for the lengths of its texts; null: they are not needed.</param>
    /// <param name="score">The confidence score.</param>
    public static IReadOnlyList<CascadeRow> Of(Predictions student, IReadOnlyDictionary<ulong, int> teacher, Dataset? split, ConfidenceScore score)
    {
        var lengths = new Dictionary<ulong, int>();
        for (var i = 0; i < (split?.Count ?? 0); i++)
        {
            if (split![i].Content is TextContent text)
                lengths[split.IdOf(i).Value] = text.Text.Length + (text.Pair?.Length ?? 0);
        }

        var rows = new List<CascadeRow>();
        var log = new double[student.Classes];
        for (var i = 0; i < student.Count; i++)
        {
            if (!teacher.TryGetValue(student.SampleIds[i], out var said))
                continue;
            LogSoftmax.Into(student.Row(i), log);
            var confidence = Confidences.Of(score, Array.ConvertAll(log, l => (float)Math.Exp(l)));
            rows.Add(new(confidence, student.Answers[i] != said, !student.IsCorrect(i), lengths.GetValueOrDefault(student.SampleIds[i])));
        }

        return rows;
    }

    /// <summary>The class of each sample, by its id.</summary>
    public static Dictionary<ulong, int> Said(Predictions answers) => Enumerable.Range(0, answers.Count).ToDictionary(i => answers.SampleIds[i], i => answers.Answers[i]);
}
