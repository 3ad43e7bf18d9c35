using Decant.Data;
using Decant.Evaluation;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Comparing;

/// <summary>The test samples that the student lost against its teacher, and those that it won, of the first seed.</summary>
internal static class ChangedAnswers
{
    private const int Shown = 12;

    public static SamplesChanged Of(IReadOnlyDictionary<string, List<Predictions>> answers, Dataset test)
    {
        var teacher = answers[Arms.Teacher][0];
        var student = answers[Arms.Student][0];
        var control = answers.TryGetValue(Arms.Control, out var all) ? all[0] : null;
        var rows = Enumerable.Range(0, test.Count).ToDictionary(i => test.IdOf(i).Value, i => i);
        var lost = Where((t, s) => t && !s);
        var won = Where((t, s) => !t && s);
        return new SamplesChanged
        {
            LostCount = lost.Length,
            WonCount = won.Length,
            Lost = [.. lost.Take(Shown).Select(Describe)],
            Won = [.. won.Take(Shown).Select(Describe)],
        };

        int[] Where(Func<bool, bool, bool> changed) => [.. Enumerable.Range(0, teacher.Count).Where(i => changed(teacher.IsCorrect(i), student.IsCorrect(i)))];

        ChangedSample Describe(int i)
        {
            var content = test[rows[teacher.SampleIds[i]]].Content;
            return new ChangedSample
            {
                Text = content is TextContent text ? text.Pair is null ? text.Text : $"{text.Text} ⏐ {text.Pair}" : null,
                Image = content is ImageContent image ? new Thumbnail(image.Channels, image.Height, image.Width, image.Pixels.ToArray()) : null,
                Label = teacher.Labels[i],
                Teacher = teacher.Answers[i],
                Student = student.Answers[i],
                Control = control?.Answers[i],
            };
        }
    }
}
