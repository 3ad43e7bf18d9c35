using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Compression.Quantization;
using Decant.LLama;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Modules.Adapters;
using Decant.Teachers.Answers;
using Decant.Training;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A large model: its network, and where its weights come from.</summary>
internal abstract record LargeModelSection
{
    /// <summary>Its network; null only where <see cref="Load"/> names a folder that says it.</summary>
    [Description("model architecture")]
    [ChoiceOf(Sections.Model)]
    public ModelOptions? Model { get; init; }

    /// <summary>Weights to load: a file (safetensors or PyTorch's), a folder with <c>config.json</c>, or the address of one that is fetched; null: it is trained here.</summary>
    [Description("weights to load: a file (safetensors, or PyTorch's .bin, .pt, .pth, .th, .ckpt), a model folder, or a model of Hugging Face's hub (hf:ORG/NAME, hf:ORG/NAME@revision)")]
    [LocalPath(OrModel = true)]
    public string? Load { get; init; }

    /// <summary>A GGUF file, computed by llama.cpp, instead of a network; null: it is a network.</summary>
    [Description("a GGUF file, computed by llama.cpp on the processor, instead of a network")]
    public GgufTeacherOptions? Gguf { get; init; }

    /// <summary>Whether a head that <see cref="Load"/> lacks, or has for another task, is initialized anew and then trained; false: that is an error.</summary>
    [Description("initialize the head anew where the loaded weights lack it or have it for another task; train it with teacher.train")]
    public bool NewHead { get; init; }

    /// <summary>How it is trained, from <see cref="Load"/> on where that is given; null: it stays as loaded.</summary>
    [Description("training options; absent: not trained")]
    public TrainSection? Train { get; init; }

    /// <summary>The seed of its weights and training: it is trained once and shared by all seeds of the run; null: it is trained anew with each of them.</summary>
    [Description("train it once with this random seed and use it for all seeds of the run; default: trained anew for each seed")]
    [Range(0, long.MaxValue)]
    public long? Seed { get; init; }

    /// <summary>How it is given images, where that is not how the student is; null, and for what it leaves out: as its folder's <c>preprocessor_config.json</c> says, or else as the student.</summary>
    [Description("how this teacher is given images; absent, and for each key left out: as preprocessor_config.json in the loaded folder says, or else as under input")]
    public ImageInput? Images { get; init; }

    /// <summary>The form that its weights are rounded for before it teaches, so that the student learns from a quantized teacher; null: they stay.</summary>
    [Description("round the weights for this form before it teaches: weight-only, or the weights of int8-dynamic; default: not rounded")]
    [ChoiceOf(Sections.Quantization)]
    public QuantizationOptions? Quantization { get; init; }
}

/// <summary>The large model.</summary>
internal sealed record TeacherSection : LargeModelSection
{
    /// <summary>A chat model behind an API, instead of a network; null: it is a network.</summary>
    [Description("a chat model behind an API that answers a prompt, instead of a network")]
    public ChatSection? Chat { get; init; }

    /// <summary>A model behind an API that makes vectors of texts, instead of a network; null: it is a network.</summary>
    [Description("a model behind an API that makes vectors of texts, instead of a network")]
    public EmbeddingsSection? Embeddings { get; init; }

    /// <summary>A language model behind an API that scores the texts that the student writes, instead of a network; null: it is a network.</summary>
    [Description("a language model behind an API that scores the tokens of texts that the student writes (on-policy, granularity: sampled), instead of a network")]
    public ScoresSection? Scores { get; init; }

    /// <summary>Its task where it is not the student's, with queries and documents: <c>regression</c> (a cross-encoder) or <c>embedding</c> (a bi-encoder); null: that of the loaded folder, else the recipe's.</summary>
    [Description("task of the teacher where it is not the student's, for queries with documents: regression (a cross-encoder) or embedding (a bi-encoder); default: that of the loaded folder, else the recipe's")]
    public ModelTask? Task { get; init; }

    /// <summary>For a language model with a tokenizer of its own, the token of it that stands after each text; null: the student's (<c>input.end-of-text</c>), where it has that, else its tokenizer's own.</summary>
    [Description("for a language model that reads with its own tokenizer, the token after each text in it; default: input.end-of-text where its tokenizer has that token, else its tokenizer's own")]
    public string? EndOfText { get; init; }

    /// <summary>What it is given and its student is not; null: nothing, or the column that the source names.</summary>
    [Description("context that the teacher is given and the student is not: context distillation")]
    public ContextSection? Context { get; init; }

    /// <summary>Which weights it has while its student learns; null: its own.</summary>
    [Description("whether the teacher's weights follow the student's while it learns; default: frozen")]
    public FollowOptions? Follow { get; init; }

    /// <summary>What is kept of its answers on disk, for other runs and studies, and where; null: they are kept in memory, for this one.</summary>
    [Description("keep the answers on disk, for other runs: logits, top-k or sampled; default: in memory, for this run")]
    [ChoiceOf(Sections.Answers)]
    public StoredAnswerOptions? Answers { get; init; }
}

/// <summary>The small model.</summary>
internal sealed record StudentSection
{
    /// <summary>Its architecture, with random weights; this or <see cref="FromTeacher"/>.</summary>
    [Description("model architecture of the student")]
    [ChoiceOf(Sections.Model)]
    public ModelOptions? Model { get; init; }

    /// <summary>A model's folder, or its address, whose weights the student, the control and the baselines begin with instead of random ones; a head for another task is initialized anew. With <see cref="FromTeacher"/>, the part is of this model.</summary>
    [Description("model folder, or a model of Hugging Face's hub (hf:ORG/NAME), whose weights the student begins with; with from-teacher, it begins as that part of this model instead of the teacher")]
    [LocalPath(OrModel = true)]
    public string? Load { get; init; }

    /// <summary>A part of its teacher, with the teacher's weights; this or <see cref="Model"/>.</summary>
    [Description("initialize the model from a part of its teacher, or of the model that 'load' names")]
    public PartOfTeacher? FromTeacher { get; init; }

    /// <summary>Whether it begins as a part of its teacher, and not of a model of its own.</summary>
    internal bool IsPartOfTeacher => FromTeacher is not null && Load is null;

    /// <summary>What it may take at most, with <see cref="FromTeacher"/>: <c>decant fit</c> chooses which part it is, and in which form it is exported; null: the recipe says it all.</summary>
    [Description("limits that the student must keep, with from-teacher: 'decant fit' chooses layers, widths, ranks and bits, as far as from-teacher leaves them open, and distils the best; default: none")]
    public StudentBudget? Budget { get; init; }

    /// <summary>How many of them learn one after the other, the first from the teacher and each other from the one before; default: 1. The last is the student.</summary>
    [Description("number of generations (born-again networks): each student is the teacher of the next")]
    [Range(1, 100)]
    public int Generations { get; init; } = 1;

    /// <summary>The form that student, control and baselines learn for, computing with its rounded numbers from the first update; null: in float32.</summary>
    [Description("quantization-aware training: compute with the rounded numbers of this form, weight-only, int8 or int8-dynamic, from the first update; the weights are left rounded; default: none")]
    [ChoiceOf(Sections.Quantization)]
    public QuantizationOptions? Quantization { get; init; }

    /// <summary>What is trained of a student that begins with the weights of a model, and whose own weights stay; the control has the same. Null: all of it is trained.</summary>
    [Description("train a few added weights alone, of a student that begins as another model: the rest stays as it is; default: all weights are trained")]
    [ChoiceOf(Sections.Adapter)]
    public AdapterOptions? Adapter { get; init; }

    /// <summary>What is learned of a student that learns for a form; null: weights.</summary>
    [Description("what quantization-aware training learns: weights, or, for weight-only, the scales and zero points alone, of integers that stay; default: weights")]
    public QuantizedLearning? LearnedNumbers { get; init; }
}

/// <summary>What of a quantized student is learned.</summary>
internal enum QuantizedLearning
{
    /// <summary>The weights behind the rounded ones.</summary>
    Weights,

    /// <summary>Scales and zero points of matrices; their integers, embeddings, biases and norms stay.</summary>
    Scales,
}
