using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models;

/// <summary>Everything that is needed to build a model except its weights: what <c>config.json</c> holds, in Hugging Face's manner.</summary>
public abstract record ModelConfig
{
    /// <summary>The classes in the order of the logits; <c>id2label</c> and <c>label2id</c> in the file.</summary>
    [JsonPropertyName("id2label")]
    [JsonConverter(typeof(ClassNamesConverter))]
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>C.</summary>
    public int Classes => ClassNames.Count;

    /// <summary>The family's name in the file, like <c>bert</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>The network's name in the file, like <c>BertForSequenceClassification</c>.</summary>
    public abstract string Architecture { get; }

    /// <summary>The network in a few words, for people: <c>ResNet-56</c>, <c>BiLSTM of 192</c>.</summary>
    [JsonIgnore]
    public abstract string Summary { get; }

    /// <summary>A model with drawn weights.</summary>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    /// <exception cref="DecantException">Settings that do not go together: expected, came, what to do.</exception>
    public Model Build(Generator? generator = null)
    {
        Check();
        return Make(generator);
    }

    /// <summary>The contents of <c>config.json</c>, its keys in order.</summary>
    public JsonObject ToJson() => ConfigJson.Write(this);

    /// <summary>Refuses settings that do not go together.</summary>
    /// <exception cref="DecantException">Expected, came, what to do.</exception>
    public void Check()
    {
        var faults = new ConfigFaults(this);
        faults.Unless(Classes >= 1, $"at least one class is needed, {Classes} came");
        var twice = ClassNames.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        faults.Unless(twice is null, $"two classes are named '{twice}'; every class needs a name of its own");
        Check(faults);
        faults.Throw();
    }

    private protected abstract void Check(ConfigFaults faults);

    private protected abstract Model Make(Generator? generator);
}
