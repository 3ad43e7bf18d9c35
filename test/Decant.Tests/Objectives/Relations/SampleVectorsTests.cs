using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Relations;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives.Relations;

/// <summary>What stands for a sample where a module answers with more than a vector for each.</summary>
public sealed class SampleVectorsTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_text_stands_with_the_mean_of_its_real_tokens()
    {
        using var batch = Texts();
        var tokens = Tensor.From([1f, 2, 3, 4, 99, 99, 5, 6, 7, 8, 9, 10], 2, 3, 2);
        Assert.Equal([2, 3, 7, 8], Sees(tokens, batch));
        Assert.Equal([2, 3, 7, 8], Sees(Tensor.From([1f, 2, 3, 4, -7, 0, 5, 6, 7, 8, 9, 10], 2, 3, 2), batch)); // padding means nothing
    }

    [Fact]
    public void An_image_stands_with_the_mean_of_each_channel_and_with_all_its_numbers_where_similarities_are_preserved()
    {
        using var batch = new Batch(Tensor.Zeros([2, 1, 2, 2]), Tensor.From(new long[] { 0, 1 }), 2, Ids);
        var images = Tensor.From([.. Enumerable.Range(0, 16).Select(i => (float)i)], 2, 2, 2, 2);
        Assert.Equal([1.5f, 5.5f, 9.5f, 13.5f], Sees(images, batch));
        var flat = new RelationCase([.. Enumerable.Range(0, 2).Select(b => Enumerable.Range(8 * b, 8).Select(i => (float)i).ToArray())], [[1, 0], [0, 1]]);
        var signal = new DenseLogits(Tensor.Zeros([2, 2])) { Features = RelationCase.Named(Tensor.Eye(2)) };
        Assert.Equal(flat.Of(new SimilarityPreservingObjective()).Sum, new SimilarityPreservingObjective().Compute(new StudentOutput(RelationCase.Named(images)), signal, batch).Sum.Item(), 1e-6);
    }

    [Fact]
    public void An_answer_for_each_token_is_refused_with_the_way_out()
    {
        var positions = Tensor.From(new long[] { 0, 1, 3, 4, 5 });
        using var batch = new Batch(Tensor.Zeros([2, 3]).To(DType.Int64), Tensor.From(new long[] { 0, 0, 0, 0, 0 }), 5, Ids, Mask(), positions: positions);
        var error = Refused(Tensor.Zeros([5, 4]), batch);
        Assert.Contains("relation-distance compares samples. The student's 'representation' is [5, 4], a row for each token", error, StringComparison.Ordinal);
        Assert.Contains("name a layer of both models", error, StringComparison.Ordinal);
        Assert.Equal([0, 0], Sees(Tensor.Zeros([2, 3, 1]), batch)); // a layer of the same model
    }

    [Fact]
    public void What_is_no_vector_per_sample_is_refused()
    {
        using var batch = Texts();
        Assert.Contains("is [4, 2], and there are 2 samples", Refused(Tensor.Zeros([4, 2]), batch), StringComparison.Ordinal);
        Assert.Contains("is [2, 4, 3, 3]: expected one vector for each text", Refused(Tensor.Zeros([2, 4, 3, 3]), batch), StringComparison.Ordinal);
        Assert.Contains("one for each of its 3 tokens", Refused(Tensor.Zeros([2, 8, 2]), batch), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_refused_in_a_batch_of_one_too_which_is_what_is_tried_before_a_training()
    {
        using var batch = new Batch(Tensor.Zeros([1, 3]).To(DType.Int64), Tensor.From(new long[] { 0, 0 }), 2, [new SampleId(1)], positions: Tensor.From(new long[] { 0, 1 }));
        Assert.Contains("a row for each token", Refused(Tensor.Zeros([2, 4]), batch), StringComparison.Ordinal);
    }

    private static SampleId[] Ids => [new(1), new(2)];

    private static Tensor Mask() => Tensor.From([true, true, false, true, true, true], 2, 3);

    private static Batch Texts() => new(Tensor.Zeros([2, 3]).To(DType.Int64), Tensor.From(new long[] { 0, 1 }), 2, Ids, Mask());

    private static float[] Sees(Tensor value, Batch batch) => SampleVectors.Of(value, batch, keepsPlanes: false).ToArray<float>();

    private static string Refused(Tensor value, Batch batch)
    {
        var signal = new DenseLogits(Tensor.Zeros([2, 2])) { Features = RelationCase.Named(Tensor.Zeros([batch.Size, 2])) };
        return Assert.Throws<DecantException>(() => new RelationDistanceObjective().Compute(new StudentOutput(RelationCase.Named(value)), signal, batch)).Message;
    }
}
