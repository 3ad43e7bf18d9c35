using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;
using Decant.Text;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>Sentences that the student lost and won, the words in question marked.</summary>
internal static class SentencesSection
{
    private const int MaximumWords = 80;

    public static Markup Of(RunView run) => run.ChangedSentences is not { } changed || changed.Lost.Count + changed.Won.Count == 0
        ? Markup.Empty
        : Markup.Of($"""
            <div class="samples">{List("Lost: the teacher is right, the student wrong", changed.Lost, changed.LostCount)}{List("Won: the student is right, the teacher wrong", changed.Won, changed.WonCount)}</div>
            <p class="fine">In bold the words that one of the two mistook; below, each with its tag and what was given instead after ✗.</p>
            """);

    private static Markup List(string title, IReadOnlyList<ChangedSentence> sentences, int total)
    {
        if (sentences.Count == 0)
            return Markup.Empty;
        var all = total > sentences.Count ? $"{sentences.Count} of {Words.Count(total)}" : Words.Count(sentences.Count);
        return Markup.Of($"""<div><h3>{title} <small>{all}</small></h3><ul class="texts">{sentences.Select(Sentence)}</ul></div>""");
    }

    private static Markup Sentence(ChangedSentence sentence)
    {
        var marked = sentence.Differing.Select(w => w.Index).ToHashSet();
        var spaces = WordSpacing.SpacesIn(sentence.Words);
        var words = sentence.Words.Take(MaximumWords).Select((w, i) => Markup.Of($"{(marked.Contains(i) ? Markup.Of($"<b><bdi>{w}</bdi></b>") : Markup.Text(w))}{(spaces[i] || i == spaces.Length - 1 ? " " : "")}"));
        var end = sentence.Words.Count > MaximumWords ? Markup.Text("…") : Markup.Empty;
        return Markup.Of($"""
            <li><blockquote dir="auto">{words}{end}</blockquote>{sentence.Differing.Select(w => Word(sentence, w))}</li>

            """);
    }

    private static Markup Word(ChangedSentence sentence, ChangedWord word) => Markup.Of($"""
        <p class="answers"><span class="truth"><bdi>{((uint)word.Index < (uint)sentence.Words.Count ? sentence.Words[word.Index] : "")}</bdi> <bdi>{word.Label}</bdi></span>{Answer(Arms.Teacher, word.Teacher, word.Label)}{Answer(Arms.Student, word.Student, word.Label)}{Answer(Arms.Control, word.Control, word.Label)}</p>
        """);

    private static Markup Answer(string arm, string? answer, string label)
    {
        if (answer is null)
            return Markup.Empty;
        var said = answer == label ? Markup.Text("✓") : Markup.Of($"✗ <bdi>{answer}</bdi>");
        return Markup.Of($"""<span><i class="dot {ArmStyle.Class(arm)}"></i>{Words.Capital(arm)} {said}</span>""");
    }
}
