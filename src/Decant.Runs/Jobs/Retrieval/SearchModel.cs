using Decant.Export;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Jobs.Prediction;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Retrieval;

/// <summary>A trained model that finds documents: by its vectors, or by the scores that it gives a query with a document.</summary>
internal sealed class SearchModel : IDisposable
{
    private readonly Model _model;
    private readonly ITokenizer _tokenizer;
    private readonly int _maxTokens;

    private SearchModel(Model model, ITokenizer tokenizer, int maxTokens) => (_model, _tokenizer, _maxTokens) = (model, tokenizer, maxTokens);

    /// <summary>Whether it makes vectors; false: it scores a query with a document.</summary>
    public bool MakesVectors => _model is IConfigured { Config.Task: ModelTask.Embedding };

    /// <summary>How many numbers an answer has: those of a vector, or one.</summary>
    public int Width => _model.Classes;

    /// <summary>Loads a model.</summary>
    /// <param name="path">Its folder.</param>
    /// <exception cref="DecantException">It makes no vectors and scores no pairs.</exception>
    public static SearchModel Load(string path)
    {
        var model = ModelFolder.Load(path);
        if (model is IConfigured { Config.Task: ModelTask.Embedding or ModelTask.Regression } && model.Classes >= 1 && (model is IConfigured { Config.Task: ModelTask.Embedding } || model.Classes == 1))
        {
            model.Eval();
            return new(model, TokenizerFile.Load(path), TextLimit.Of(path, model));
        }

        model.Dispose();
        throw new DecantException($"{path} makes no vectors of texts and gives pairs of texts no score; expected an embedding (task: embedding) or a cross-encoder (task: regression, one number). Measure it on a test split, with --recipe.");
    }

    /// <summary>The vectors of texts [N].</summary>
    public float[][] Vectors(IReadOnlyList<string> texts, CancellationToken cancellationToken) => TextVectors.Of(_model, _tokenizer, texts, _maxTokens, cancellationToken);

    /// <summary>The scores of a query with documents.</summary>
    public double[] Scores(string query, IEnumerable<string> documents, CancellationToken cancellationToken) =>
        [.. TextVectors.OfPairs(_model, _tokenizer, [.. documents.Select(d => (query, (string?)d))], _maxTokens, cancellationToken).Select(s => (double)s[0])];

    /// <summary>Documents in the order of its scores for a query, best first; those that tie in their own order.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidates">The indices of the documents.</param>
    /// <param name="documents">All documents.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public int[] Reranked(string query, IReadOnlyList<int> candidates, IReadOnlyList<string> documents, CancellationToken cancellationToken)
    {
        if (candidates.Count == 0)
            return [];
        var scores = Scores(query, candidates.Select(d => documents[d]), cancellationToken);
        return [.. Enumerable.Range(0, candidates.Count).OrderByDescending(i => scores[i]).Select(i => candidates[i])];
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
