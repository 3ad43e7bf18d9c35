using System.Globalization;

namespace Decant.Rollouts;

/// <summary>What readings of texts say is wrong with an on-policy training, and what to do about it.</summary>
internal static class RolloutAdvice
{
    private const double LeastOverlap = 0.5, MostSurprise = 10, MostEmpty = 0.2, MostRepeated = 0.3, MostCutShort = 0.1;
    private const string Beginning = "let the student learn from the data first (a stage before, or rollouts.student: { kind: linear, from: 0, to: 1 })";

    /// <summary>Before the training.</summary>
    /// <param name="student">The student's texts.</param>
    /// <param name="teacher">The teacher's on the same prompts; null: it cannot write.</param>
    /// <param name="maxNewTokens">The most tokens of a text.</param>
    public static IEnumerable<string> Before(RolloutReading student, RolloutReading? teacher, int maxNewTokens)
    {
        if (student.Compared > 0 && student.Overlap / student.Compared is < LeastOverlap and var overlap)
            yield return Text($"Of the {RolloutProbe.MostProbable} most probable tokens of teacher and student, {overlap:P0} are the same on the student's texts: they disagree about what comes next nearly everywhere. To do: {Beginning}.");
        if (teacher is not null && student.TeacherPerplexity > MostSurprise * teacher.TeacherPerplexity)
            yield return Text($"The teacher's perplexity is {student.TeacherPerplexity:0.#} on the student's texts and {teacher.TeacherPerplexity:0.#} on its own: they are unlike any that it knows, and what it says of them is worth little. To do: {Beginning}.");
        if (teacher is not null && student.Ended == 0 && Share(teacher.Ended, teacher) > 0.2)
            yield return Text($"None of the student's texts ended within {maxNewTokens} tokens, and {Share(teacher.Ended, teacher):P0} of the teacher's did. To do: raise rollouts.max-new-tokens, or {Beginning}.");
        foreach (var fault in OfTexts(student))
            yield return fault;
        if (Share(student.CutShort, student) > MostCutShort)
            yield return Text($"'input.max-tokens' ended {Share(student.CutShort, student):P0} of the texts before the {maxNewTokens} tokens that they may have. To do: raise it, or lower rollouts.max-new-tokens.");
    }

    /// <summary>While the student learns.</summary>
    /// <param name="first">Before the training.</param>
    /// <param name="now">Now.</param>
    /// <param name="teacher">The teacher's texts before the training; null: it cannot write.</param>
    public static IEnumerable<string> During(RolloutReading first, RolloutReading now, RolloutReading? teacher)
    {
        var (entropy, before) = (now.Entropy / now.Rows, (teacher ?? first).Entropy / (teacher ?? first).Rows);
        if (entropy < before / 2)
            yield return Text($"The entropy of the student's next token is {entropy:0.##} nats, and was {before:0.##} {(teacher is null ? "before the training" : "on the teacher's texts")}: it keeps to few texts. To do: a divergence that asks for all of the teacher's (forward or jensen-shannon), a lower learning rate, or some batches of the data (rollouts.student below 1).");
        var (length, was) = ((double)now.Tokens / now.Texts, (double)first.Tokens / first.Texts);
        if (length < was / 4)
            yield return Text($"The student's texts have {length:0.#} tokens, and had {was:0.#}: it learns to end early. To do: 'mean-over: texts' in the objective, or a lower 'future'.");
        if (now.Compared > 0 && first.Compared > 0 && now.Reverse / now.Compared > 1.2 * (first.Reverse / first.Compared))
            yield return Text($"KL(student ‖ teacher) on the student's texts is {now.Reverse / now.Compared:0.###} a token, and was {first.Reverse / first.Compared:0.###} before the training: it moves away from its teacher. To do: a lower learning rate, 'granularity: full', or a bucket for the rest of top-k.");
        if (now.Drift > 2 && now.Compared > 0 && now.Reverse / now.Compared > 0.8 * (first.Reverse / first.Compared))
            yield return Text($"The student has changed by {now.Drift:0.##} nats a token on the data and come no nearer to its teacher. To do: a lower learning rate, or some batches of the data (rollouts.student below 1).");
        foreach (var fault in OfTexts(now))
            yield return fault;
    }

    /// <summary>About the updates themselves.</summary>
    /// <param name="losses">The losses of updates in which the student wrote, in order.</param>
    /// <param name="norms">The gradient norms of these, in order; empty: not known.</param>
    public static IEnumerable<string> OfUpdates(IReadOnlyList<double> losses, IReadOnlyList<double> norms)
    {
        if (losses.Count >= 20 && losses.Count(l => Math.Abs(l) < 1e-7) is var zeros && zeros > losses.Count / 5)
            yield return Text($"The loss is 0 in {(double)zeros / losses.Count:P0} of the updates, which teach nothing. To do: look whether the objective counts the student's texts, and whether teacher and student are the same model.");
        if (norms.Count >= 40 && Median(norms.TakeLast(norms.Count / 4)) is var last && Median(norms.Take(norms.Count / 4)) is var first && last > 10 * first && first > 0)
            yield return Text($"The gradients' norm has grown from {first:0.###} to {last:0.###}. To do: a lower learning rate, 'clip-norm: 1', or an estimator of less variance ('granularity: full', 'center: true').");
    }

    /// <summary>What was found, in one line.</summary>
    public static string Summary(RolloutReading student, RolloutReading? teacher) => Text(
        $"the student's texts on {student.Texts} held-out prompts: {(double)student.Tokens / student.Texts:0.#} tokens, {Share(student.Ended, student):P0} end by themselves, entropy {student.Entropy / student.Rows:0.##} nats a token; perplexity of the teacher on them {student.TeacherPerplexity:0.##}{(teacher is null ? "" : Text($" (on its own {teacher.TeacherPerplexity:0.##}), of the student on the teacher's {teacher.StudentPerplexity:0.##}"))}{(student.Compared == 0 ? "" : Text($"; {student.Overlap / student.Compared:P0} of the {RolloutProbe.MostProbable} most probable tokens in common, KL(student ‖ teacher) {student.Reverse / student.Compared:0.###} a token"))}; one tokenizer, so every token is aligned");

    private static IEnumerable<string> OfTexts(RolloutReading reading)
    {
        if (Share(reading.Empty, reading) > MostEmpty)
            yield return Text($"{Share(reading.Empty, reading):P0} of the student's texts are empty: it ends them before the first token. To do: look whether prompts end as those that the teacher knows, or {Beginning}.");
        if (reading.Repeated > MostRepeated)
            yield return Text($"{reading.Repeated:P0} of the sequences of four tokens in the student's texts stood in the same text before: it repeats itself. To do: a higher rollouts.sampling-temperature, or some batches of the data (rollouts.student below 1).");
    }

    private static double Share(long count, RolloutReading of) => (double)count / of.Texts;

    private static double Median(IEnumerable<double> numbers) => numbers.Order().ToArray() is var sorted && sorted.Length > 0 ? sorted[sorted.Length / 2] : 0;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
