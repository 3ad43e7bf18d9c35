using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Configuration;

/// <summary>Everything that is needed to build a model except its weights: what <c>config.json</c> holds, in Hugging Face's manner.</summary>
internal abstract record ModelConfig
{
    /// <summary>What the model answers with; in the file, the end of the architecture's name. Classification.</summary>
    [JsonIgnore]
    public ModelTask Task { get; init; }

    /// <summary>The classes in the order of the logits; <c>id2label</c> and <c>label2id</c> in the file. Empty where the task has none.</summary>
    [JsonPropertyName("id2label")]
    [JsonConverter(typeof(ClassNamesConverter))]
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>The scheme that the classes are read by as tags of words (<c>bio</c>, <c>bioes</c>, <c>bilou</c>, <c>bmes</c>, <c>io</c>); null: decided by their names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TagScheme { get; init; }

    /// <summary>Of any number of labels: the probability of each from which on a sample has it, in the order of the logits, as chosen on validation samples; null: 0.5.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Thresholds { get; init; }

    /// <summary>C.</summary>
    public int Classes => ClassNames.Count;

    /// <summary>The family's name in the file, like <c>bert</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>The network's name in the file, like <c>BertForSequenceClassification</c>.</summary>
    public abstract string Architecture { get; }

    /// <summary>The network in a few words, for people: <c>ResNet-56</c>, <c>BiLSTM of 192</c>.</summary>
    [JsonIgnore]
    public abstract string Summary { get; }

    /// <summary>The tasks that the family has a head for.</summary>
    [JsonIgnore]
    private protected virtual IReadOnlyList<ModelTask> Tasks { get; } = [ModelTask.Classification];

    /// <summary>A model with drawn weights.</summary>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    /// <exception cref="DecantException">Settings that do not go together, or weights that do not fit into memory: expected, came, what to do. Nothing is allocated.</exception>
    public Model Build(Generator? generator = null) => Build(generator, null);

    /// <summary>The same once its shapes are accepted.</summary>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    /// <param name="accept">Is given the model without memory, and throws where it is not the one that is wanted; null: any is.</param>
    internal Model Build(Generator? generator, Action<Model>? accept)
    {
        using (var shapes = BuildShapes())
        {
            accept?.Invoke(shapes);
            if (!ShapesOnly.IsOpen)
                WeightMemory.Check(shapes, $"The {ModelType} model ({Summary})", FreeMemory.Now());
        }

        return Make(generator);
    }

    /// <summary>The model without memory: all of its shapes, names and types, and no weights. Its forward pass gives shapes alone.</summary>
    /// <exception cref="DecantException">Settings that do not go together: expected, came, what to do.</exception>
    internal Model BuildShapes()
    {
        Check();
        using var shapes = ShapesOnly.Open();
        Model? model = null;
        try
        {
            model = Make(null);
            _ = WeightMemory.Of(model);
            return model;
        }
        catch (Exception error) when (error is TorchException or OverflowException or DecantException)
        {
            model?.Dispose();
            throw new DecantException($"The {ModelType} model ({Summary}) cannot be built: {error.Message}. Are the sizes as they were meant?", inner: error);
        }
    }

    /// <summary>A model with these settings around the trunk of another: both have the trunk from then on, and each a head of its own.</summary>
    /// <param name="other">A model of the same family; its settings may differ in what the head is made of: task, classes, pooling. Disposing either releases the trunk.</param>
    /// <param name="generator">Where the head's weights are drawn from; null is libtorch's own.</param>
    /// <exception cref="DecantException">The settings differ in more than the head, or the family's models have no trunk.</exception>
    public Model BuildOn(Model other, Generator? generator = null)
    {
        Check();
        TrunkCheck.Same(this, other);
        return MakeOn(other, generator);
    }

    /// <summary>The contents of <c>config.json</c>, its keys in order.</summary>
    public JsonObject ToJson() => ConfigJson.Write(this);

    /// <summary>Refuses settings that do not go together.</summary>
    /// <exception cref="DecantException">Expected, came, what to do.</exception>
    public void Check()
    {
        var faults = new ConfigFaults(this);
        faults.Unless(Classes >= 1 || !Task.HasClasses(), $"at least one class is needed, {Classes} came");
        faults.Unless(Tasks.Contains(Task), $"it has no head for {Words(Task)}; this family serves {string.Join(", ", Tasks.Select(Words))}");
        var twice = ClassNames.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        faults.Unless(twice is null, $"two classes are named '{twice}'; every class needs a name of its own");
        faults.Unless(Thresholds is null || (Thresholds.Count == Classes && Thresholds.All(t => t is >= 0 and <= 1)), $"thresholds are {ConfigFaults.Shown(Thresholds ?? [])}; {Classes} from 0 to 1 are expected, one for each label");
        CheckTask(faults);
        Check(faults);
        faults.Throw();
    }

    private protected virtual void CheckTask(ConfigFaults faults)
    {
    }

    private protected abstract void Check(ConfigFaults faults);

    private protected abstract Model Make(Generator? generator);

    private protected virtual Model MakeOn(Model other, Generator? generator) =>
        throw new DecantException($"Models of type '{ModelType}' have no trunk that several tasks could share; encoder, distilbert, roberta, lstm, textcnn, static, mlp, cnn, resnet and imagenet-resnet have.");

    private static string Words(ModelTask task) => task switch
    {
        ModelTask.MultiLabel => "multi-label classification",
        ModelTask.TokenClassification => "token classification",
        ModelTask.MaskedLanguageModel => "masked language modelling",
        ModelTask.CausalLanguageModel => "causal language modelling",
        _ => task.ToString().ToLowerInvariant(),
    };
}
