using Decant.Inference.Folders;
using Decant.Inference.Sessions;

namespace Decant.Inference;

/// <summary>Classifies images, or other vectors of numbers, with a model that Decant exported. Safe to use from several threads.</summary>
/// <remarks>Numbers are given as the model was trained on them: of images usually (byte / 255 − mean) / std of every channel, channel after channel, row after row.</remarks>
public sealed class ImageClassifier : IDisposable
{
    private readonly ImageModel _model;
    private readonly InferenceOptions _options;

    private ImageClassifier(ExportedFolder folder, OnnxModel file, InferenceOptions options)
    {
        SessionCheck.Task(file, folder.Config.File, folder.Config.Task, "Models of texts are read by TextClassifier and its neighbours.", ArchitectureTask.Classification);
        (_options, Labels) = (options, folder.Config.Labels());
        _model = new ImageModel(file, folder.Config.InputShape, Labels.Count);
    }

    /// <summary>The classes, in the order of <see cref="Classification.Probabilities"/>.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The shape of an image, [channels, height, width], or of a vector; −1 where any size will do.</summary>
    public IReadOnlyList<long> InputShape => _model.Shape;

    /// <summary>Loads a classifier.</summary>
    /// <param name="folder">A folder that <c>decant export … --to onnx</c> wrote: config.json and onnx/model.onnx.</param>
    /// <param name="options">Null: the default ones.</param>
    /// <exception cref="DecantException">A file is missing or damaged, the files do not belong together, or the model has another task: expected, came, what to do.</exception>
    public static ImageClassifier Load(string folder, InferenceOptions? options = null)
    {
        var chosen = InferenceOptions.Checked(options);
        var found = ExportedFolder.Open(folder, chosen.Form);
        var file = OnnxModel.Open(found.OnnxPath, chosen.Threads);
        try
        {
            return new(found, file, chosen);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Classifies an image.</summary>
    /// <param name="pixels">Its numbers, as many as its shape has.</param>
    /// <param name="shape">Its shape [channels, height, width]; null: <see cref="InputShape"/>, where that is known.</param>
    /// <exception cref="DecantException">The numbers are too many, too few or not finite, the shape is not the model's, or the model could not be run.</exception>
    public Classification Classify(ReadOnlyMemory<float> pixels, IReadOnlyList<long>? shape = null) => Classify([pixels], shape)[0];

    /// <summary>Classifies images of one shape.</summary>
    /// <param name="images">Any number of them.</param>
    /// <param name="shape">The shape of each; null: <see cref="InputShape"/>, where that is known.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The classes in the order of the images.</returns>
    /// <inheritdoc cref="Classify(ReadOnlyMemory{float}, IReadOnlyList{long}?)" path="/exception"/>
    public IReadOnlyList<Classification> Classify(IReadOnlyList<ReadOnlyMemory<float>> images, IReadOnlyList<long>? shape = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var each = _model.ShapeOf(shape);
        var answers = new List<Classification>(images.Count);
        for (var first = 0; first < images.Count; first += _options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var logits = _model.Ask([.. images.Skip(first).Take(_options.BatchSize)], each);
            answers.AddRange(logits.Chunk(Labels.Count).Select(row => Classification.Of(Labels, row, isTruncated: false)));
        }

        return answers;
    }

    /// <summary>Releases the model; calls that run meanwhile come to their end.</summary>
    public void Dispose() => _model.Dispose();
}
