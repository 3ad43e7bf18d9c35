using Decant.Data.Batching;
using Decant.Export.Gguf;
using Decant.LLama;
using Decant.Modules;
using Decant.Signals;
using Decant.Tests.Export.Gguf;
using Decant.Torch;

namespace Decant.Tests.LLama;

/// <summary>A GGUF file answers as the model does that it was made of.</summary>
public class GgufTeacherTests
{
    private const double Float16 = 0.02; // of logits up to 10: weights have 11 bits, and llama.cpp rounds the other operand of their products too

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2")]
    [InlineData("gpt2")]
    public void Logits_of_every_position_are_those_of_the_model(string type)
    {
        using var made = GgufModels.Decoder(type);
        using var teacher = GgufTeacher.Open(made.File);
        using var scope = TensorScope.Open();
        var ids = made.Tokenizer.Encode(GgufFixture.Texts[0]);
        var logits = teacher.Logits(ids);
        Assert.Equal([ids.Length, made.Tokenizer.VocabularySize], logits.Shape.ToArray());
        Same(Expected(made.Model, new(Row(ids))), logits, Float16);
    }

    [Fact]
    public void Texts_of_unlike_lengths_padded_on_either_side_are_answered_row_by_row()
    {
        using var made = GgufModels.Decoder();
        using var teacher = GgufTeacher.Open(made.File);
        using var scope = TensorScope.Open();
        int[][] texts = [[.. Enumerable.Range(3, 40)], [5, 6, 7], [.. Enumerable.Range(100, 17)]];
        foreach (var isLeft in new[] { false, true })
        {
            var (values, mask) = Padded(texts, isLeft);
            var model = teacher.Model;
            var all = model.Forward(new(values, mask)); // [B·T, V]
            for (var row = 0; row < texts.Length; row++)
            {
                var first = (row * 40) + (isLeft ? 40 - texts[row].Length : 0);
                Same(Expected(made.Model, new(Row(texts[row]))), all.Narrow(0, first, texts[row].Length), Float16);
            }
        }
    }

    [Fact]
    public void Asked_positions_are_answered_in_their_order_and_again_where_they_are_asked_again()
    {
        using var made = GgufModels.Decoder();
        using var teacher = GgufTeacher.Open(made.File);
        using var scope = TensorScope.Open();
        var input = new ModelInput(Tensor.From([.. Enumerable.Range(3, 40).Select(id => (long)id)], 2, 20), Positions: Tensor.From([0L, 39L, 7L, 39L, 25L]));
        var came = teacher.Model.Forward(input);
        Assert.Equal([5, 512], came.Shape.ToArray());
        Same(Expected(made.Model, input), came, Float16);
    }

    [Fact]
    public void Documents_of_a_packed_sequence_do_not_see_each_other()
    {
        using var made = GgufModels.Decoder();
        using var teacher = GgufTeacher.Open(made.File);
        using var scope = TensorScope.Open();
        var values = Tensor.From([.. Enumerable.Range(3, 40).Select(id => (long)id)], 2, 20);
        var documents = Tensor.From([.. Enumerable.Range(0, 40).Select(at => at % 20 < 6 ? 0L : at % 20 < 15 ? 1L : 2L)], 2, 20);
        var input = new ModelInput(values, Segments: documents);
        var came = teacher.Model.Forward(input);
        Same(Expected(made.Model, input), came, Float16);
        Assert.True(Largest(Expected(made.Model, new(values)), came) > 0.1); // joined documents have other answers
    }

    [Fact]
    public void A_batch_is_answered_as_its_texts_one_by_one()
    {
        using var made = GgufModels.Stories();
        using var teacher = GgufTeacher.Open(made.File);
        using var scope = TensorScope.Open();
        int[][] texts = [.. Enumerable.Range(0, 100).Select(i => GgufFixture.Pieces.Encode(GgufFixture.Texts[i])).Select(ids => ids.Length > 120 ? ids[..120] : ids)];
        var width = texts.Max(t => t.Length);
        var (values, mask) = Padded(texts, isLeft: false);
        var together = teacher.Model.Forward(new(values, mask)); // 100 texts: more than are computed side by side
        foreach (var row in new[] { 0, 17, 64, 99 })
            Same(teacher.Logits(texts[row]), together.Narrow(0, row * width, texts[row].Length), 1e-4);
    }

    [Theory]
    [InlineData(GgufWeights.F16, 0.01)]
    [InlineData(GgufWeights.Q8, 0.1)]
    [InlineData(GgufWeights.Q4, 2)]
    public void The_published_stories_model_says_what_its_safetensors_say(GgufWeights weights, double tolerance)
    {
        using var made = GgufModels.Stories(weights);
        using var teacher = GgufTeacher.Open(made.File);
        using var scope = TensorScope.Open();
        var ids = made.Tokenizer.EncodeForModel("Once upon a time, there was a little girl named Lily. She loved to play outside in the park.", null, 500).Ids;
        var (expected, came) = (Expected(made.Model, new(Row(ids))).ToArray<float>(), teacher.Logits(ids).ToArray<float>());
        var mean = expected.Zip(came).Average(pair => Math.Abs(pair.First - pair.Second));
        Assert.True(mean > 0 && mean <= tolerance, $"they differ by {mean} on average");
    }

    [Fact]
    public void Texts_are_continued_as_the_model_continues_them()
    {
        using var made = GgufModels.Stories();
        using var teacher = GgufTeacher.Open(made.File);
        var own = new Decant.Teachers.Writing.TextGenerator((ICausalModel)made.Model, made.Tokenizer) { Begin = 1 };
        string[] prompts = ["Once upon a time", "The little dog"];
        var options = new Decant.Models.Generation.GenerationOptions { MaxNewTokens = 40 };
        Assert.Equal(own.Generate(prompts, options).Select(t => t.Text), teacher.Generate(prompts, options));
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("first")]
    public void Vectors_are_those_of_the_model_pooled_as_it_does(string pooling)
    {
        using var made = GgufModels.Encoder(pooling);
        using var teacher = GgufTeacher.Open(made.File);
        Assert.True(teacher.MakesVectors);
        Assert.Equal(64, teacher.Offer.Outputs);
        var came = teacher.Embed([.. GgufFixture.Texts.Take(5)]);
        for (var i = 0; i < came.Count; i++)
        {
            var own = GgufFixture.Vector(made.Model, made.Tokenizer, GgufFixture.Texts[i]);
            Assert.Equal(own.Length, came[i].Length);
            Assert.All(own.Zip(came[i]), pair => Assert.InRange(pair.Second, pair.First - 0.02, pair.First + 0.02));
        }
    }

    [Fact]
    public void Vectors_are_divided_by_their_length_where_that_is_asked()
    {
        using var made = GgufModels.Encoder();
        using var plain = GgufTeacher.Open(made.File);
        using var teacher = GgufTeacher.Open(new GgufTeacherOptions { File = made.File, Normalize = true });
        var (vector, divided) = (plain.Embed(["so good"])[0], teacher.Embed(["so good"])[0]);
        var length = Math.Sqrt(vector.Sum(v => (double)v * v));
        Assert.True(length > 1.5);
        Assert.All(vector.Zip(divided), pair => Assert.Equal(pair.First / length, pair.Second, 1e-5));
        Assert.NotEqual(plain.Identity, teacher.Identity);
    }

    [Fact]
    public void A_batch_is_answered_with_logits_alone_and_nobody_else_may_ask_meanwhile()
    {
        using var made = GgufModels.Decoder();
        using var teacher = GgufTeacher.Open(made.File);
        Assert.Equal(SignalKinds.DenseLogits, teacher.Offer.Kinds);
        Assert.Equal(512, teacher.Offer.Outputs);
        Assert.Equal(teacher.Tokenizer.Hash, teacher.Offer.TokenizerHash);
        Assert.False(((ITeacher)teacher).IsConcurrent);
        Assert.Equal("a GGUF file (llama, F16)", teacher.Summary);
        Assert.Equal($"gguf {Decant.Files.FileHash.Of(made.File)}", teacher.Identity);
        using var scope = TensorScope.Open();
        using var batch = new Batch(Row([3, 4, 5]), Tensor.From([4L, 5L, 6L]), 3, [new(1)]);
        var answer = Assert.IsType<DenseLogits>(teacher.Answer(batch));
        Assert.Equal([3, 512], answer.Logits.Shape.ToArray());
    }

    [Fact]
    public void Answers_do_not_depend_on_the_number_of_threads()
    {
        using var made = GgufModels.Stories();
        using var scope = TensorScope.Open();
        int[] ids = [.. Enumerable.Range(3, 100)];
        using var one = GgufTeacher.Open(new GgufTeacherOptions { File = made.File, Threads = 1 });
        using var two = GgufTeacher.Open(new GgufTeacherOptions { File = made.File, Threads = 2 });
        Assert.Equal(one.Logits(ids).ToArray<float>(), two.Logits(ids).ToArray<float>());
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused_with_both_lengths()
    {
        using var made = GgufModels.Decoder();
        using var teacher = GgufTeacher.Open(made.File);
        using var scope = TensorScope.Open();
        Assert.Equal(128, teacher.MaxTokens);
        Assert.Equal(128, teacher.Logits([.. Enumerable.Repeat(5, 128)]).Size(0));
        var error = Assert.Throws<DecantException>(() => teacher.Logits([.. Enumerable.Repeat(5, 129)]));
        Assert.Contains("A text has 129 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("at most 128 (llama.context_length)", error.Message, StringComparison.Ordinal);
        var small = Assert.Throws<DecantException>(() => GgufTeacher.Open(new GgufTeacherOptions { File = made.File, Context = 200 }));
        Assert.Contains("200 tokens are asked for", small.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_the_file_does_not_have_is_refused()
    {
        using var made = GgufModels.Decoder();
        using var teacher = GgufTeacher.Open(made.File);
        using var scope = TensorScope.Open();
        Assert.Contains("the token 512", Assert.Throws<DecantException>(() => teacher.Logits([3, 512])).Message, StringComparison.Ordinal);
        Assert.Contains("the token -1", Assert.Throws<DecantException>(() => teacher.Logits([3, -1])).Message, StringComparison.Ordinal);
    }

    private static Tensor Row(int[] ids) => Tensor.From(ids.Select(id => (long)id).ToArray(), 1, ids.Length);

    private static (Tensor Values, Tensor Mask) Padded(int[][] texts, bool isLeft)
    {
        var width = texts.Max(t => t.Length);
        long[] values = [.. texts.SelectMany(t => isLeft ? [.. new long[width - t.Length], .. t.Select(id => (long)id)] : (long[])[.. t.Select(id => (long)id), .. new long[width - t.Length]])];
        bool[] mask = [.. texts.SelectMany(t => Enumerable.Range(0, width).Select(i => isLeft ? i >= width - t.Length : i < t.Length))];
        return (Tensor.From(values, texts.Length, width), Tensor.From(mask, texts.Length, width));
    }

    private static Tensor Expected(Model model, ModelInput input)
    {
        using var noGrad = Autograd.NoGrad();
        return model.Forward(input);
    }

    private static double Largest(Tensor expected, Tensor came) => expected.ToArray<float>().Zip(came.ToArray<float>()).Max(pair => Math.Abs((double)pair.First - pair.Second));

    private static void Same(Tensor expected, Tensor came, double tolerance)
    {
        Assert.Equal(expected.Shape.ToArray(), came.Shape.ToArray());
        var difference = Largest(expected, came);
        Assert.True(difference <= tolerance, $"they differ by {difference}");
    }
}
