using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Labels;
using Decant.Modules;
using Decant.Signals;
using Decant.Teachers.Contexts;
using Decant.Teachers.Local;
using Decant.Tests.Data;
using Decant.Tests.Rollouts;
using Decant.Torch;

namespace Decant.Tests.Teachers.Contexts;

/// <summary>What a teacher with a context reads, and that its rows are those of its student.</summary>
public sealed class ContextTeacherTests
{
    private const int Begin = 2;

    private static readonly Decant.Text.ITokenizer s_digits = MadeUpTokenizer.Make(WritingRun.Vocabulary);

    [Fact]
    public void A_context_stands_between_the_token_that_begins_a_prompt_and_the_prompt()
    {
        using var scope = TensorScope.Open();
        var (batch, contents) = Prompted(("3 1", "4 1 5", "7 8"), ("9", "2", "6 6 6 5"), ("1 8 9", "7", null));
        using var given = new TeacherContext(s_digits, Begin, null).Of(batch, i => contents[i]);
        Assert.Equal([2L, 7, 8, 3, 1, 4, 1, 5, 2, 6, 6, 6, 5, 9, 2, 0, 2, 1, 8, 9, 7, 0, 0, 0], given.Values.ToArray<long>());
        Assert.Equal([8L, 7, 5], given.Counts.Lengths!);
        // What comes after "3 1" is at the positions 2 to 5 of its student.
        Assert.Equal([2L, 3, 4, 5, 7 + 1, 7 + 2, 14 + 3, 14 + 4], batch.Positions!.ToArray<long>().Select((p, i) => p - (i < 4 ? 0 : i < 6 ? batch.Values.Size(1) - 7 : 2 * (batch.Values.Size(1) - 7))));
        Assert.Equal([4L, 5, 6, 7, 8 + 5, 8 + 6, 16 + 3, 16 + 4], given.Positions!.ToArray<long>());
        Assert.Equal(batch.Labels.ToArray<long>(), given.Labels.ToArray<long>());
        Assert.Equal(batch.RowsPerSample!, given.RowsPerSample!);
        Assert.Equal(batch.Ids, given.Ids);
    }

    [Fact]
    public void The_first_token_of_a_text_without_a_prompt_comes_after_the_context()
    {
        using var scope = TensorScope.Open();
        var (batch, contents) = Prompted(("", "4 5", null));
        Assert.Equal([0L, 1, 2], batch.Positions!.ToArray<long>());
        using var given = new TeacherContext(s_digits, Begin, "7 8").Of(batch, i => contents[i]);
        Assert.Equal([2L, 7, 8, 4, 5], given.Values.ToArray<long>());
        Assert.Equal([2L, 3, 4], given.Positions!.ToArray<long>());
    }

    [Fact]
    public void Running_text_has_the_begin_and_the_context_before_it_and_keeps_its_places_in_the_file()
    {
        using var scope = TensorScope.Open();
        var content = new TokenContent(new[] { 4, 5, 6, 7 }, 3) { Start = 100 };
        var batch = new CausalCollator(s_digits, 8, WritingRun.End, Begin).Collate([new(new(1), content, null, new ContentAnnotation())], 1, 0);
        using var given = new TeacherContext(s_digits, Begin, "7 8").Of(batch, _ => content);
        Assert.Equal([2L, 7, 8, 4, 5, 6], given.Values.ToArray<long>());
        Assert.Equal([3L, 4, 5], given.Positions!.ToArray<long>());
        Assert.Equal([101L], batch.FirstLabels!);
        // A row at position t predicts the token t further on: 98 + 3 = 101, as that of the student's position 0.
        Assert.Equal([98L], given.FirstLabels!);
        Assert.Equal([3L], given.BytesPerSample!);
    }

    [Fact]
    public void Its_rows_are_the_models_logits_of_the_sequence_built_by_hand_whatever_stands_beside()
    {
        using var model = WritingRun.Llama(seed: 3, layers: 2);
        using var scope = TensorScope.Open();
        var (batch, contents) = Prompted(("3 1", "4 1 5", "7 8"), ("9", "2", "6 6 6 5"), ("1 8 9", "7", null));
        using var teacher = Teacher(model, null, contents);
        var rows = ((DenseLogits)teacher.Answer(batch).Whole()).Logits;
        (long[] Ids, long[] At)[] byHand = [([2, 7, 8, 3, 1, 4, 1, 5], [4, 5, 6, 7]), ([2, 6, 6, 6, 5, 9, 2], [5, 6]), ([2, 1, 8, 9, 7], [3, 4])];
        AreClose([.. byHand.SelectMany(s => ByHand(model, s.Ids, s.At))], rows.ToArray<float>());
        AreClose(rows.ToArray<float>(), ((DenseLogits)teacher.States(batch).Whole()).Logits.ToArray<float>());
        Assert.Equal(SignalKinds.DenseLogits, teacher.Offer.Kinds);
        // The context decides what it says.
        using var bare = new LocalTeacher(model, [], owns: false);
        Assert.NotEqual(rows.ToArray<float>(), ((DenseLogits)bare.Answer(batch).Whole()).Logits.ToArray<float>());
    }

    [Fact]
    public void Texts_that_a_model_wrote_have_the_context_of_their_prompt()
    {
        using var model = WritingRun.Llama(seed: 3, layers: 1);
        using var scope = TensorScope.Open();
        // "3 1" was continued with "6 4", "9" with the end alone.
        var rows = new TokenRows([new(1), new(2)], 4, 0, WritingRun.Vocabulary);
        rows.Put(0, [2, 3, 1, 6]);
        rows.Put(1, [2, 9]);
        foreach (var (sample, position) in new[] { (0, 2), (0, 3), (1, 1) })
            rows.Ask(sample, position, Batch.NoLabel);
        using var batch = rows.ToBatch(written: new(TextAuthor.Student, Tensor.From([6L, 4, 19]), Tensor.Zeros([3])));
        SampleContent[] contents = [new PromptContent("3 1", "1 1 1") { Context = "7 8" }, new PromptContent("9", "5") { Context = "6" }];
        using var teacher = Teacher(model, null, contents);
        AreClose([.. ByHand(model, [2, 7, 8, 3, 1, 6], [4, 5]), .. ByHand(model, [2, 6, 9], [2])], ((DenseLogits)teacher.Answer(batch).Whole()).Logits.ToArray<float>());
        Assert.Equal([6L, 4, 19], batch.Written!.Tokens.ToArray<long>()); // still the caller's
    }

    [Fact]
    public void Conversations_are_read_as_the_template_writes_them_with_the_system_message()
    {
        using var model = WritingRun.Llama(seed: 3, layers: 1);
        using var scope = TensorScope.Open();
        // "1 2" is given, "3 4" learned, "5" given, "6" learned; of the teacher "9 1 2 2 3 4 5 5 6".
        var own = new TokenContent(new[] { 1, 2, 3, 4, 5, 6 }, 3) { Learned = new[] { false, false, true, true, false, true } };
        var content = own with { OfTeacher = new TokenContent(new[] { 9, 1, 2, 2, 3, 4, 5, 5, 6 }, 3) { Learned = new[] { false, false, false, false, true, true, false, false, true } } };
        var batch = new CausalCollator(s_digits, 12, WritingRun.End).Collate([new(new(1), content, null, new ContentAnnotation())], 1, 0);
        Assert.Equal([1L, 2, 4], batch.Positions!.ToArray<long>());
        using var teacher = Teacher(model, null, [content]);
        AreClose([.. ByHand(model, [9, 1, 2, 2, 3, 4, 5, 5], [3, 4, 7])], ((DenseLogits)teacher.Answer(batch).Whole()).Logits.ToArray<float>());
    }

    [Fact]
    public void What_a_teacher_is_given_is_part_of_a_samples_id_and_the_tag_is_not()
    {
        var plain = new PromptContent("a", "b");
        Assert.Equal(4, new[] { plain, plain with { Context = "c" }, plain with { Context = "d" }, new("ab", "") { Context = "c" } }.Select(ContentHash.Of).Distinct().Count());
        Assert.NotEqual(ContentHash.Of(new PromptContent("a", "b") { Context = "1,x" }), ContentHash.Of(new PromptContent("", "ab") { Context = "1,x" }));
        Assert.Equal(ContentHash.Of(plain), ContentHash.Of(plain with { Tag = "old" }));
    }

    [Fact]
    public void Its_collator_counts_the_context_too()
    {
        SampleContent[] contents = [new PromptContent("3 1", "4") { Context = "7 8 9" }, new TokenContent(new[] { 4, 5, 6 }, 2)];
        var collator = new ContextCollator(new CausalCollator(s_digits, 8, WritingRun.End, Begin), new TeacherContext(s_digits, Begin, null));
        Assert.Equal([7, 2], contents.Select((c, i) => collator.TokensOf(new(new((ulong)i), c, null, new ContentAnnotation()))));
    }

    private static ContextTeacher Teacher(Model model, string? text, IReadOnlyList<SampleContent> contents) =>
        new(new LocalTeacher(model, [], owns: false), new TeacherContext(s_digits, Begin, text), id => contents[(int)id.Value - 1]);

    private static (Batch Batch, SampleContent[] Contents) Prompted(params (string Prompt, string Completion, string? Context)[] texts)
    {
        SampleContent[] contents = [.. texts.Select(t => new PromptContent(t.Prompt, t.Completion) { Context = t.Context })];
        return (new CausalCollator(s_digits, 12, WritingRun.End, Begin).Collate([.. contents.Select((c, i) => new Sample(new((ulong)i + 1), c, null, new ContentAnnotation()))], 1, 0), contents);
    }

    private static float[] ByHand(Model model, long[] ids, long[] at)
    {
        using var noGrad = Autograd.NoGrad();
        return model.Forward(new ModelInput(Tensor.From(ids, 1, ids.Length), Positions: Tensor.From(at, at.Length))).ToArray<float>();
    }

    private static void AreClose(float[] expected, float[] came)
    {
        Assert.Equal(expected.Length, came.Length);
        Assert.All(expected.Zip(came), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }
}
