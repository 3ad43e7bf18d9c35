using Decant.Inference.Folders;
using Decant.Inference.Sessions;
using Decant.Inference.Static;

namespace Decant.Inference;

/// <summary>A model of texts that was loaded, with what its folder says of it.</summary>
/// <param name="Model">The model; the caller's to dispose of.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Task">Its task, one of <see cref="ArchitectureTask"/>'s.</param>
/// <param name="Options">How it is run.</param>
internal sealed record TextLoading(ITextModel Model, ExportedFolder Folder, string Task, InferenceOptions Options)
{
    private const int Chunk = 64; // texts that a thread takes at once

    /// <summary>Loads a model of texts.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Null: the default ones.</param>
    /// <param name="isPerToken">Whether every token has an answer; null: either will do.</param>
    /// <param name="instead">Who serves other tasks, for the message.</param>
    /// <param name="outputs">The outputs that are read; the first that is there counts.</param>
    /// <param name="served">The tasks that the caller serves.</param>
    /// <exception cref="DecantException">The folder holds no such model; nothing stays loaded.</exception>
    public static TextLoading Open(string folder, InferenceOptions? options, bool? isPerToken, string instead, ReadOnlySpan<string> outputs, params ReadOnlySpan<string> served)
    {
        var chosen = InferenceOptions.Checked(options);
        if (isPerToken is not true && OpenStatic(folder, chosen, instead, served) is { } table)
            return table;
        var found = ExportedFolder.Open(folder, chosen.Form);
        var file = OnnxModel.Open(found.OnnxPath, chosen.Threads);
        try
        {
            var task = SessionCheck.Task(file, found.Config.File, found.Config.Task, instead, served);
            return new(TextModel.Of(file, found, chosen.MaxTokens, SessionCheck.Output(file, outputs), isPerToken), found, task, chosen);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // A static model is a table, for which ONNX Runtime is not needed; who names a form of its ONNX files gets that.
    private static TextLoading? OpenStatic(string folder, InferenceOptions options, string instead, ReadOnlySpan<string> served)
    {
        ExportedFolder.Require(folder);
        if (options.Form is not null || !System.IO.Path.Exists(System.IO.Path.Combine(folder, StaticFolder.WeightsName)) || !System.IO.Path.Exists(System.IO.Path.Combine(folder, ExportedConfig.Name)))
            return null;
        var config = ExportedConfig.Read(folder);
        if (!StaticFolder.Is(config))
            return null;
        var task = config.Task ?? ArchitectureTask.Embedding;
        if (!served.Contains(task))
            throw new DecantException($"{config.File} is of a model for {task}. {instead}");
        var found = ExportedFolder.Of(folder, StaticFolder.WeightsName, config);
        return new(StaticFolder.Load(found, options.MaxTokens), found, task, options);
    }

    /// <summary>The names of the numbers that the model answers with.</summary>
    /// <exception cref="DecantException">There are more or fewer than it answers with; the model is released.</exception>
    public IReadOnlyList<string> Labels()
    {
        try
        {
            var labels = Folder.Config.Labels();
            return labels.Count == Model.Width ? labels : throw new DecantException(
                $"{Folder.OnnxPath} answers with {Model.Width} numbers, and {Folder.Config.File} names {labels.Count} classes: they belong to two models. Export the model again.");
        }
        catch
        {
            Model.Dispose();
            throw;
        }
    }

    /// <summary>A text or pair as the model reads it.</summary>
    /// <exception cref="DecantException">A text is blank, or there is one where the model reads pairs.</exception>
    public TextInput Encode(string text, string? pair, int? index = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text) || pair?.AsSpan().IsWhiteSpace() == true)
            throw new DecantException($"{(index is { } i ? $"Text {i + 1}" : "The text")}: expected a text{(pair is null ? "" : " and its pair")}, came a blank one. Leave blank texts out.");
        if (pair is null && Folder.Config.ReadsPairs)
            throw new DecantException($"{(index is { } n ? $"Text {n + 1}" : "The text")}: expected a pair of texts, which this model was trained on, came one text. Give both.");
        return Model.Encode(text, pair);
    }

    /// <summary>The answers to texts, in their order.</summary>
    public (float[][] Rows, TextInput[] Inputs) Ask(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var inputs = new TextInput[texts.Count];
        if (Model.IsParallel)
            Chunks.OnAllCores(inputs.Length, Chunk, i => inputs[i] = Encode(texts[i], null, i), cancellationToken);
        else
            for (var i = 0; i < inputs.Length; i++)
                inputs[i] = Encode(texts[i], null, i);
        return (Model.Ask(inputs, Options.BatchSize, cancellationToken), inputs);
    }
}
