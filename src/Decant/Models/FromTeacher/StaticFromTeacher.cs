using System.Globalization;
using Decant.Models.Configuration;
using Decant.Models.Static;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>Makes a static student of a teacher: the vocabulary goes through it once, each token alone; PCA; weights by frequency (Model2Vec).</summary>
internal static class StaticFromTeacher
{
    /// <summary>A student whose rows are the teacher's; its head, where the task has one, is drawn.</summary>
    /// <param name="options">Width and weights.</param>
    /// <param name="texts">The tokens.</param>
    /// <param name="context">The task and the data.</param>
    /// <param name="vectors">Gives the teacher's vectors [N, H] of the tokens that have a row; not called where models have shapes alone.</param>
    /// <exception cref="DecantException">The teacher's vectors are narrower than the rows, or there are too few tokens.</exception>
    public static Model Make(StaticOfTeacher options, TokenTexts texts, ModelContext context, Func<Tensor> vectors)
    {
        var own = new StaticOptions { Dimensions = options.Dimensions, Hidden = options.Hidden, Normalize = options.Normalize };
        var model = (StaticTextModel)StaticTextModel.Configure(own, context).Build();
        if (model.HasNoMemory)
            return model;
        try
        {
            Fill(model, options, texts, vectors());
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Fill(StaticTextModel model, StaticOfTeacher options, TokenTexts texts, Tensor vectors)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var width = vectors.Size(1);
        if (options.Dimensions > Math.Min(width, vectors.Size(0)))
        {
            throw new DecantException(string.Create(CultureInfo.InvariantCulture,
                $"student.from-teacher.static: dimensions is {options.Dimensions}, and the teacher's vectors of {vectors.Size(0):N0} tokens are {width} wide: principal components are at most as many. Say dimensions: {Math.Min(width, vectors.Size(0))}, or fewer."));
        }

        var (rows, _) = PrincipalComponents.Project(vectors, options.Dimensions);
        var weights = TokenWeights.Of(options, texts);
        long[] ids = [.. Enumerable.Range(0, weights.Length).Where(id => texts.Sequences[id] is not null).Select(id => (long)id)];
        var weighted = rows * Tensor.From(ids.Select(id => (float)weights[id]).ToArray(), ids.Length, 1);
        var table = Tensor.Zeros([.. model.Embeddings.Shape]);
        model.Embeddings.CopyInPlace(s_indexCopy.Call(table, 0L, Tensor.From(ids), weighted));
    }

    private static readonly Operator s_indexCopy = new("aten::index_copy");
}
