using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>The weights of an encoder with or without a head, by what they are.</summary>
/// <param name="model">The model.</param>
/// <param name="config">Its settings.</param>
internal sealed class EncoderWeights(Model model, EncoderConfig config)
{
    private const string Table = "embeddings.word_embeddings.weight";

    private readonly IReadOnlyDictionary<string, Tensor> _all = model.StateDict();
    private readonly string _prefix = model.StateDict().Keys.First(name => name.EndsWith(Table, StringComparison.Ordinal))[..^Table.Length];

    /// <summary>A weight by its name in the model.</summary>
    public Tensor this[string name] => _all[name];

    /// <summary>The words' vectors [V, H].</summary>
    public Tensor Words => _all[WordsName];

    /// <summary>Their name.</summary>
    public string WordsName => _prefix + Table;

    /// <summary>The name of the matrix that makes them as wide as the states, in a student that has one.</summary>
    public string ProjectionName => $"{_prefix}embeddings.{EncoderEmbeddings.Projection}.weight";

    /// <summary>The linear layers of the blocks.</summary>
    public BlockWeights OfBlocks => new(_all, _prefix + config.Names.Layers, IsTransposed: false, model.HasNoMemory);
}
