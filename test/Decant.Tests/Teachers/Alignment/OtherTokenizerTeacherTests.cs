using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Labels;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Llama;
using Decant.Modules;
using Decant.Signals;
using Decant.Teachers.Alignment;
using Decant.Teachers.Local;
using Decant.Tests.Text.Alignment;
using Decant.Text;
using Decant.Text.Alignment;
using Decant.Torch;

namespace Decant.Tests.Teachers.Alignment;

public sealed class OtherTokenizerTeacherTests : IDisposable
{
    private readonly ITokenizer _student = MadeUp.ByteBpe(420), _own = MadeUp.ByteBpe(300);
    private readonly TokenTranslator _translator;
    private readonly Model _model;
    private readonly TensorScope _scope = TensorScope.Open();

    public OtherTokenizerTeacherTests()
    {
        _translator = MadeUp.Translator(_student, _own);
        using var suspended = TensorScope.Suspend();
        _model = ModelFamilies.All.Single(f => f.Kind == "llama").Create(
            new LlamaOptions { Layers = 2, Hidden = 16, Heads = 2, Intermediate = 24 }, new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = _own.VocabularySize, MaxTokens = 200 });
    }

    public void Dispose()
    {
        _scope.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void Its_rows_are_the_models_own_on_its_own_tokens_of_the_same_texts()
    {
        string[] texts = ["the other thin cats", "then there was a 猫", "a"];
        var collator = new CausalCollator(_student, 40, _translator.Pair.StudentEnd);
        using var batch = collator.Collate([.. texts.Select((text, i) => Sample(i, new TextContent(text, null)))], seed: 0, epoch: 0);
        var answer = Answer(batch);
        using var noGrad = Autograd.NoGrad();
        _model.Eval();
        var (expected, tokens) = (new List<float>(), answer.Spans.Teacher.Tokens);
        var first = 0;
        foreach (var text in texts)
        {
            int[] ids = [.. _own.Encode(text), _translator.Pair.TeacherEnd];
            // All but the text's beginning, before which nothing stands: its last tokens, the end with them.
            var count = tokens.IndexOf(_translator.Pair.TeacherEnd, first) + 1 - first;
            Assert.Equal(ids[^count..].Select(id => (long)id), tokens[first..(first + count)]);
            expected.AddRange(_model.Forward(new ModelInput(Tensor.From([.. ids[..^1].Select(id => (long)id)], 1, ids.Length - 1))).Narrow(0, ids.Length - 1 - count, count).ToArray<float>());
            first += count;
        }

        Assert.True(first == tokens.Count && first > 20);
        var given = answer.Logits.ToArray<float>();
        Assert.Equal(expected.Count, given.Length);
        for (var i = 0; i < given.Length; i++)
            Assert.Equal(expected[i], given[i], 1e-4);
    }

    [Fact]
    public void Student_and_teacher_say_the_same_bytes_in_every_span_and_the_rows_predict_them()
    {
        var collator = new CausalCollator(_student, 64, _translator.Pair.StudentEnd);
        using var batch = collator.Collate([Sample(1, new PromptContent("Once upon a time", " there was a little cat.")), Sample(2, new PromptContent("The cat", " liked the 猫"))], seed: 0, epoch: 0);
        var spans = Answer(batch).Spans;
        var labels = batch.Labels.ToArray<long>();
        Assert.True(spans.Count > 5);
        for (var span = 0; span < spans.Count; span++)
        {
            var (own, theirs) = (Part(spans.Student, span), Part(spans.Teacher, span));
            Assert.Equal(Said(_translator.Pair.Student, own.Tokens), Said(_translator.Pair.Teacher, theirs.Tokens));
            foreach (var (row, token) in own.Rows.Zip(own.Tokens))
                Assert.Equal(labels[row], token); // the prompt is in no span, for nothing is asked there
        }

        Assert.Equal(2, spans.Student.Tokens.Count(t => t == _translator.Pair.StudentEnd));
    }

    [Fact]
    public void Texts_that_share_a_sequence_do_not_see_each_other()
    {
        // The same two texts in one sequence, attention apart, and each by itself.
        int[] a = [.. _student.Encode("the little cat"), _translator.Pair.StudentEnd], b = [.. _student.Encode("other cats there"), _translator.Pair.StudentEnd];
        var together = new TokenContent((int[])[.. a, .. b], 0, [0, a.Length]);
        var collator = new CausalCollator(_student, 64, _translator.Pair.StudentEnd);
        using var one = collator.Collate([Sample(1, together)], seed: 0, epoch: 0);
        using var two = collator.Collate([Sample(2, new TokenContent(a, 0)), Sample(3, new TokenContent(b, 0))], seed: 0, epoch: 0);
        var (packed, apart) = (Answer(one), Answer(two));
        Assert.Equal(apart.Spans.Teacher.Tokens, packed.Spans.Teacher.Tokens);
        var (x, y) = (packed.Logits.ToArray<float>(), apart.Logits.ToArray<float>());
        for (var i = 0; i < x.Length; i++)
            Assert.Equal(y[i], x[i], 1e-4);
    }

    [Fact]
    public void What_the_teacher_cannot_read_has_no_spans()
    {
        var collator = new CausalCollator(_student, 64, _translator.Pair.StudentEnd);
        using var batch = collator.Collate([Sample(1, new TextContent(MadeUp.Texts[0], null))], seed: 0, epoch: 0);
        using var teacher = new OtherTokenizerTeacher(new LocalTeacher(_model, [], owns: false, vocabulary: _own.VocabularySize), _translator, "hash", maxTokens: 10);
        var few = ((OtherTokenLogits)teacher.Answer(batch)).Spans;
        Assert.InRange(few.Teacher.Rows.Count, 1, 10);
        Assert.True(Answer(batch).Spans.Count > few.Count);
    }

    [Fact]
    public void It_offers_other_tokens_and_nothing_else()
    {
        using var teacher = new OtherTokenizerTeacher(new LocalTeacher(_model, [], owns: false, vocabulary: _own.VocabularySize), _translator, "hash", 100);
        Assert.Equal((SignalKinds.OtherTokens, "hash", _own.VocabularySize), (teacher.Offer.Kinds, teacher.Offer.TokenizerHash, teacher.Offer.Outputs));
    }

    private OtherTokenLogits Answer(Batch batch)
    {
        using var teacher = new OtherTokenizerTeacher(new LocalTeacher(_model, [], owns: false, vocabulary: _own.VocabularySize), _translator, "hash", 200);
        return (OtherTokenLogits)teacher.Answer(batch);
    }

    private static (IReadOnlyList<int> Rows, int[] Tokens) Part(SpanSide side, int span)
    {
        var start = (int)side.Starts[span];
        var end = span + 1 < side.Starts.Count ? (int)side.Starts[span + 1] : side.Rows.Count;
        return ([.. side.Rows.Take(start..end).Select(r => (int)r)], [.. side.Tokens.Take(start..end).Select(t => (int)t)]);
    }

    private static string Said(TokenBytes vocabulary, int[] tokens) => tokens is [var only] && vocabulary.Of(only) is null ? "the end" : Convert.ToHexString(vocabulary.Of(tokens)!);

    private static Sample Sample(int id, SampleContent content) => new(new SampleId((ulong)id), content, null, new ContentAnnotation());
}
