using System.Text;
using Decant.Export;
using Decant.Export.Adapters;
using Decant.Export.Loading;
using Decant.Export.Safetensors;
using Decant.Files;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Ensembles;
using Decant.Teachers.Writing;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Restriction;

namespace Decant.Runs.Preparing;

/// <summary>Writes and reads models as folders that other programs open: <c>config.json</c>, <c>model.safetensors</c>, tokenizer files.</summary>
/// <param name="data">What the models are for.</param>
/// <param name="note">Gets a remark on what loading did to make weights fit; null: no remarks.</param>
internal sealed class ModelStore(PreparedData data, Action<string>? note = null)
{
    private ITokenizer? WholeTokenizer => data.Restricted?.Whole ?? data.Tokenizer;

    /// <summary>The file of the weights in a model's folder.</summary>
    public static string WeightsIn(string folder) => Path.Combine(folder, ModelFolder.WeightsName);

    /// <summary>Writes the weights of a model alone, of one with an adapter those that are trained, for a resumed run.</summary>
    public static void Keep(Model model, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        SafetensorsWriter.Write(file, model.LearnedState());
    }

    /// <summary>Writes a model and describes it.</summary>
    public ModelDescribed Save(Model model, string arm, string folder)
    {
        if (model is IConfigured)
            ModelFolder.Save(folder, model, null, config => Written(model, config));
        else
            Keep(model, WeightsIn(folder)); // a program's own class, which no config.json can name
        if (model is RemoteModel said)
            return new ModelDescribed { Role = arm, Kind = model.Kind, Summary = said.Summary, IsRemote = true };
        if (model is IForeignModel foreign)
            return new ModelDescribed { Role = arm, Kind = model.Kind, Summary = foreign.Summary, Parameters = model.ParameterCount, Bytes = foreign.StoredBytes, Flops = model.FlopsPerSample([.. data.SampleShape]) };
        if (data.Tokenizer is { } tokenizer)
        {
            TokenizerFile.Save(tokenizer, folder, data.Context.MaxTokens);
            SaveChatTemplates(tokenizer, folder);
        }

        if (data.HasPairs)
            PairMark.Write(folder);
        if (data.OwnImages is { } images)
            PreprocessorConfig.WriteImages(folder, images, data.SampleShape);
        return new ModelDescribed
        {
            Role = arm,
            Kind = model.Kind,
            Summary = (model as IConfigured)?.Config.Summary ?? model.Kind,
            Parameters = model.ParameterCount,
            Bytes = new FileInfo(Path.Combine(folder, ModelFolder.WeightsName)).Length,
            Flops = model.FlopsPerSample([.. data.SampleShape]),
        };
    }

    // A training that is over is not lost for a template that cannot be read.
    private void SaveChatTemplates(ITokenizer tokenizer, string folder)
    {
        try
        {
            ChatTemplates.Of(tokenizer).Write(folder);
            // What it learned to answer to goes before what came with the tokenizer.
            if (data.ChatTemplate is { } learned)
                AtomicFile.Write(Path.Combine(folder, "chat_template.jinja"), Encoding.UTF8.GetBytes(learned));
        }
        catch (DecantException error)
        {
            note?.Invoke($"The chat template of the tokenizer was not carried over: {error.Message}");
        }
    }

    /// <summary>The settings with what the data decides: how tags are written, and where texts end.</summary>
    private ModelConfig Written(Model model, ModelConfig config) => config switch
    {
        { Task: ModelTask.MultiLabel } => config with { Thresholds = ChosenThresholds.Of(model, data) },
        { Task: ModelTask.TokenClassification } => config with { TagScheme = TagSchemes.ForConfig(data.TagScheme) },
        ICausalConfig causal when data.Tokenizer is { } tokenizer => causal.With(causal.BosTokenId, StopTokens.Of(model, tokenizer, data.Context.EndTokens)),
        _ => config,
    };

    /// <summary>Loads a teacher's weights.</summary>
    /// <param name="path">A model's folder, or a file of weights: safetensors or PyTorch's.</param>
    /// <param name="empty">The network to fill; null: what the folder's <c>config.json</c> says. Owned by the caller afterwards.</param>
    /// <param name="newHead">Whether a head that the weights lack is drawn.</param>
    public Model LoadTeacher(string path, Model? empty, bool newHead = false)
    {
        var isFolder = Directory.Exists(path);
        if (!isFolder && !File.Exists(path))
            throw new DecantException($"teacher.load: there is no file or folder {path}. (A model of Hugging Face's hub is named hf:ORG/NAME.)");
        if (empty is null && !isFolder)
            throw new DecantException($"teacher.load is the file {path}, which does not say what network it belongs to: add 'teacher.model', or load a folder with a config.json.");
        var own = isFolder && data.Context.Task is ModelTask.Classification or ModelTask.MultiLabel or ModelTask.TokenClassification ? StoredClasses.Of(path) : null;
        var isReordered = own is not null && ClassOrder.AreTheSame(own, data.Classes) && !own.SequenceEqual(data.Classes);
        // A new head is drawn as the seed says; what is loaded whole moves no generator.
        var model = empty ?? Build(path, isReordered ? data.Classes : null, newHead);
        try
        {
            var loaded = ModelFolder.LoadWeights(path, model, newHead);
            foreach (var remark in loaded.Remarks)
                note?.Invoke($"teacher.load {path}: {remark}");
            Check(path, model, fromConfig: empty is null);
            if (isReordered && loaded.NewHead.Count == 0)
                Reorder(path, model, own!);
            else if (own is not null && empty is not null && !isReordered && !own.SequenceEqual(data.Classes))
                note?.Invoke($"teacher.load {path}: its {ModelFolder.ConfigName} names other classes ({Shown(own)}) than the data ({Shown(data.Classes)}). Its logits are taken in the order of the data's classes.");
            if (isFolder)
                CheckTokenizer(path);
            model.Eval();
            return data.Restricted is { } restricted ? Restricted(model, restricted) : model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>A trained model that a student begins as, of the run's task: a head for another is drawn.</summary>
    /// <param name="path">The model's folder.</param>
    /// <param name="newHead">Gets the names of parameters that were drawn; null: nobody asks.</param>
    /// <exception cref="DecantException">There is none, it does not fit the task, or reads text with another tokenizer.</exception>
    public Model LoadStart(string path, List<string>? newHead = null)
    {
        if (!ModelFolder.IsOne(path))
            throw new DecantException($"student.load: {path}: expected a model's folder, with {ModelFolder.ConfigName} and weights, came {(Directory.Exists(path) ? $"one without {ModelFolder.ConfigName}" : "no folder")}. (A model of Hugging Face's hub is named hf:ORG/NAME.)");
        var model = Build(path, null, newHead: true);
        try
        {
            if (!model.HasNoMemory)
            {
                var loaded = ModelFolder.LoadWeights(path, model, newHead: true);
                newHead?.AddRange(loaded.NewHead);
                foreach (var remark in loaded.Remarks)
                    note?.Invoke($"student.load {path}: {remark}");
            }

            CheckTokenizer(path, "student");
            model.Eval();
            return data.Restricted is { } restricted ? Restricted(model, restricted) : model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private Model Build(string folder, IReadOnlyList<string>? classNames, bool newHead)
    {
        var config = ModelFolder.ReadConfig(folder);
        using var weights = Weights.Open(folder);
        return newHead
            ? ModelFolder.Build(folder, WithHead(config), weights, newHead, null)
            : ModelFolder.Build(folder, classNames is null ? config : config with { ClassNames = classNames }, weights, newHead);
    }

    /// <summary>The settings of a model with another head: how an embedding is pooled says nothing about classes.</summary>
    private ModelConfig WithHead(ModelConfig config)
    {
        var adapted = config with { ClassNames = data.Classes, Task = data.Context.Task };
        if (adapted is NetworkConfig network)
            return network with { OutputSize = data.Context.OutputsOfTask() };
        return config.Task == ModelTask.Embedding && adapted is EncoderConfig encoder && encoder.Task != ModelTask.Embedding ? encoder with { Pooling = null, Normalize = false } : adapted;
    }

    /// <summary>The teacher with the tokens that are kept; the whole one is given up.</summary>
    private static Model Restricted(Model whole, RestrictedTokenizer tokenizer)
    {
        var cut = StudentFromTeacher.Make(whole, new PartOfTeacher(), tokenizer.Kept);
        whole.Dispose();
        cut.Eval();
        return cut;
    }

    private void Check(string path, Model model, bool fromConfig)
    {
        var task = data.Context.Task;
        if (task.IsLanguageModel())
            CheckVocabulary(path, model);
        else if (task.HasClasses())
            CheckClasses(path, model, fromConfig && task != ModelTask.Regression);
        if (model is IConfigured { Config.Task: var own } && own != task)
            throw new DecantException($"The teacher in {path} is for another task ({own}) than the recipe ({task}): its head has other outputs.");
    }

    /// <summary>Published models have more rows than tokens, filled up to a round number; fewer cannot be.</summary>
    private void CheckVocabulary(string path, Model model)
    {
        if (WholeTokenizer is not { } tokenizer || model.Classes >= tokenizer.VocabularySize)
            return;
        var beyond = Enumerable.Range(model.Classes, Math.Min(5, tokenizer.VocabularySize - model.Classes)).Select(id => $"{id} '{tokenizer.TokenOf(id)}'");
        throw new DecantException(
            $"The teacher in {path} knows {model.Classes:N0} tokens, and its tokenizer has {tokenizer.VocabularySize:N0}: it has nothing for {string.Join(", ", beyond)}" +
            $"{(tokenizer.VocabularySize - model.Classes > 5 ? ", …" : "")}. They do not belong together; take the tokenizer that the model was trained with.");
    }

    /// <summary>Classes in another order would be taken for one another: the head's rows are put into the data's order, by name.</summary>
    private void Reorder(string path, Model model, IReadOnlyList<string> own)
    {
        ClassOrder.Change(model, own, data.Classes);
        note?.Invoke($"teacher.load {path}: its classes stand in another order there ({Shown(own)}) than in the data ({Shown(data.Classes)}); its outputs were reordered to the data's order, by name.");
    }

    private void CheckClasses(string path, Model model, bool fromConfig)
    {
        if (model.Classes != data.Classes.Count)
            throw new DecantException($"The teacher in {path} knows {model.Classes} classes, the data has {data.Classes.Count} ({Shown(data.Classes)}): they must be the same.");
        if (!fromConfig || model is not IConfigured { Config.ClassNames: var names } || names.SequenceEqual(data.Classes))
            return;
        throw new DecantException($"The teacher in {path} knows other classes ({Shown(names)}) than the data has ({Shown(data.Classes)}).");
    }

    private void CheckTokenizer(string folder, string reader = "teacher")
    {
        if (WholeTokenizer is not { } tokenizer || !TokenizerFile.Exists(BaseFolder.ForText(folder)))
            return;
        var own = TokenizerFile.Load(BaseFolder.ForText(folder));
        if (own.Hash != tokenizer.Hash)
            throw new DecantException(
                $"The {reader} in {folder} reads text with a tokenizer of its own ({own.VocabularySize} tokens), the recipe has another ({tokenizer.VocabularySize} tokens): " +
                $"{TokenizerDifference.Of(own, tokenizer)}. {(data.HasSeveralTeachers ? "All teachers of one student must read with one tokenizer: train them with the same." : $"Remove 'input.tokenizer', and {(reader == "student" ? "the student reads with its own" : "teacher and student both read with the teacher's")}.")}");
    }

    public static string Shown(IReadOnlyList<string> classes) => string.Join(", ", classes.Take(5)) + (classes.Count > 5 ? ", …" : "");
}
