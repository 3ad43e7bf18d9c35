using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Models.Static;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.FromTeacher;

/// <summary>Static students: the teacher's vectors of single tokens, their principal components, weights by frequency.</summary>
public sealed class StaticFromTeacherTests
{
    private static readonly ModelContext s_context = Zoo.Text with { Task = ModelTask.Embedding, Classes = 0, ClassNames = [], IgnoredTokens = [1, 2] };

    // Token 0 fills, 1 and 2 stand around a text, 3 is nothing that a text becomes.
    private static readonly TokenTexts s_texts = new([.. Enumerable.Range(0, 30).Select(id => id < 4 ? null : (int[]?)[1, id, 2])], [.. Enumerable.Range(0, 30).Select(id => (long)(id * id))]);

    [Fact]
    public void Zipf_counts_a_token_by_its_rank_among_those_that_have_a_row()
    {
        var weights = TokenWeights.Of(new() { Coefficient = 0.1 }, new([null, [5], null, [7], [8]], []));
        // 1/2, 1/3, 1/4 have the sum 13/12: p is 6/13, 4/13, 3/13.
        foreach (var (expected, came) in new[] { 0, 0.1 / (0.1 + (6 / 13.0)), 0, 0.1 / (0.1 + (4 / 13.0)), 0.1 / (0.1 + (3 / 13.0)) }.Zip(weights))
            Assert.Equal(expected, came, 1e-12);
    }

    [Fact]
    public void Sif_counts_a_token_by_its_frequency_and_one_that_never_comes_as_1()
    {
        var weights = TokenWeights.Of(new() { Weighting = TokenWeighting.Sif, Coefficient = 0.5 }, new([null, [5], [6], [7]], [100, 3, 0, 1]));
        Assert.Equal([0, 0.5 / 1.25, 1, 0.5 / 0.75], weights);
        var fault = Assert.Throws<DecantException>(() => TokenWeights.Of(new() { Weighting = TokenWeighting.Sif }, new([null, [5]], [7, 0])));
        Assert.Contains("have none that has a row", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_weighting_counts_all_alike() => Assert.Equal([0, 1, 1], TokenWeights.Of(new() { Weighting = TokenWeighting.None }, new([null, [1], [2]], [])));

    [Fact]
    public void Components_are_uncorrelated_and_their_variances_fall_and_all_of_them_keep_every_distance()
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(3);
        var rows = Tensor.Randn([40, 5], generator).MatMul(Tensor.Randn([5, 5], generator)) + 3;
        var (all, share) = PrincipalComponents.Project(rows, 5);
        Assert.Equal(1, share, 1e-9);
        Assert.True(Largest(all.Mean(0)) < 1e-5);
        var covariance = all.Transpose(0, 1).MatMul(all) / 39;
        var variances = Enumerable.Range(0, 5).Select(i => covariance.Select(0, i).Select(0, i).Item()).ToArray();
        Assert.Equal(variances.OrderDescending(), variances);
        Assert.True(Largest(covariance - covariance * Tensor.Eye(5)) < 1e-4 * variances[0]);
        Assert.True(Largest(Distances(all) - Distances(rows)) < 1e-3);
    }

    [Fact]
    public void Two_components_of_points_along_a_line_are_where_they_lie_on_it_and_0()
    {
        using var scope = TensorScope.Open();
        var (came, share) = PrincipalComponents.Project(Tensor.From([0f, 0f, 3f, -4f, 6f, -8f], 3, 2), 2);
        Assert.Equal(1, share, 1e-12);
        // The direction is (−0.6, 0.8): its largest entry is positive.
        foreach (var (expected, number) in new[] { 5f, 0, 0, 0, -5, 0 }.Zip(came.ToArray<float>()))
            Assert.Equal(expected, number, 1e-5);
    }

    [Fact]
    public void A_row_is_the_weighted_component_of_the_teachers_vector_of_that_token_alone()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher();
        var rows = s_texts.Sequences.OfType<int[]>().ToArray();
        var vectors = TokenVectors.Of(teacher, rows, pad: 0);
        for (var i = 0; i < rows.Length; i += 5)
        {
            var alone = teacher.Forward(new ModelInput(Tensor.From(rows[i].Select(id => (long)id).ToArray(), 1, 3)));
            Assert.True(Largest(vectors.Narrow(0, i, 1) - alone) < 1e-5);
        }

        using var student = (StaticTextModel)StaticFromTeacher.Make(new() { Dimensions = 4, Coefficient = 0.01 }, s_texts, s_context, () => vectors);
        var (components, _) = PrincipalComponents.Project(vectors, 4);
        var weights = TokenWeights.Of(new() { Coefficient = 0.01 }, s_texts);
        Assert.Equal(0, student.Embeddings.Narrow(0, 0, 4).Abs().Sum().Item());
        for (var id = 4; id < 30; id += 6)
            Assert.True(Largest(student.Embeddings.Select(0, id) - (components.Select(0, id - 4) * weights[id])) < 1e-6);
        Assert.Equal([1, 2], ((StaticConfig)student.Config).IgnoredTokenIds);
        Assert.True(((StaticConfig)student.Config).Normalize);
    }

    [Fact]
    public void More_components_than_the_teacher_is_wide_are_refused()
    {
        using var teacher = Teacher();
        using var scope = TensorScope.Open();
        var fault = Assert.Throws<DecantException>(() => StaticFromTeacher.Make(new() { Dimensions = 17 }, s_texts, s_context, () => TokenVectors.Of(teacher, [.. s_texts.Sequences.OfType<int[]>()], 0)));
        Assert.Contains("dimensions is 17, and the teacher's vectors of 26 tokens are 16 wide", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sequences_of_different_lengths_come_back_in_their_order()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher();
        int[][] sequences = [[1, 5, 6, 2], [1, 7, 2], [1, 8, 9, 10, 2], [1, 11, 2]];
        var together = TokenVectors.Of(teacher, sequences, pad: 0);
        for (var i = 0; i < sequences.Length; i++)
            Assert.True(Largest(together.Narrow(0, i, 1) - TokenVectors.Of(teacher, [sequences[i]], 0)) < 1e-5);
    }

    private static double Largest(Tensor tensor) => tensor.Abs().Reshape(-1).Max(0).Item();

    private static Tensor Distances(Tensor rows) => (rows.Unsqueeze(0) - rows.Unsqueeze(1)).Square().Sum(2);

    private static Model Teacher()
    {
        using var generator = new Generator(2);
        var model = ModelFamilies.All.Single(f => f.Kind == "encoder").Create(new BertOptions { Layers = 2, Hidden = 16, Heads = 4, InitializerRange = 0.3 }, s_context, generator);
        model.Eval();
        return model;
    }
}
