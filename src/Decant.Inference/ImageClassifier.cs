using Decant.Inference.Folders;
using Decant.Inference.Sessions;

namespace Decant.Inference;

/// <summary>Classifies images, or other vectors of numbers, with a model that Decant exported. Safe to use from several threads.</summary>
/// <remarks>
/// Images are given channel after channel, row after row. Where the folder has a <c>preprocessor_config.json</c>, as images that a recipe trained on have it, they are bytes, or float32 from 0 to 1, and
/// are scaled and normalized here, (byte / 255 − mean) / std of every channel, and resized to the size in it where they have another one. Without that file numbers are given as the model was trained on them.
/// </remarks>
public sealed class ImageClassifier : IDisposable
{
    private readonly ImageModel _model;
    private readonly InferenceOptions _options;
    private readonly ImageSettings? _settings;
    private readonly string _folder;

    private ImageClassifier(ExportedFolder folder, OnnxModel file, InferenceOptions options)
    {
        SessionCheck.Task(file, folder.Config.File, folder.Config.Task, "Models of texts are read by TextClassifier and its neighbours.", ArchitectureTask.Classification);
        (_options, Labels) = (options, folder.Config.Labels());
        (_settings, _folder) = (ImageSettings.Read(folder.Path), folder.Path);
        _model = new ImageModel(file, folder.Config.InputShape, Labels.Count);
        InputShape = _model.Shape;
        if (_settings is null || _model.Shape is not [var channels, var height, var width])
            return;
        if (channels > 0)
            _ = _settings.Channels(channels);
        if (_settings.Size is not { } size)
            return;
        if ((height > 0 && height != size.Height) || (width > 0 && width != size.Width))
            throw new DecantException($"{_settings.File}: size: expected {height} × {width}, which the model reads, came {size.Height} × {size.Width}: it is another model's file.");
        InputShape = [channels, size.Height, size.Width];
    }

    /// <summary>The classes, in the order of <see cref="Classification.Probabilities"/>.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The shape of an image, [channels, height, width], or of a vector; −1 where any size will do.</summary>
    public IReadOnlyList<long> InputShape { get; }

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
    /// <param name="pixels">Its numbers, as many as its shape has: from 0 to 1 where the folder has a <c>preprocessor_config.json</c>.</param>
    /// <param name="shape">Its shape [channels, height, width], of any size where the folder's <c>preprocessor_config.json</c> has one to resize to; null: <see cref="InputShape"/>, where that is known.</param>
    /// <exception cref="DecantException">The numbers are too many, too few, not finite or out of their range, the shape is not the model's, or the model could not be run.</exception>
    public Classification Classify(ReadOnlyMemory<float> pixels, IReadOnlyList<long>? shape = null) => Classify([pixels], shape)[0];

    /// <summary>Classifies an image of bytes.</summary>
    /// <param name="pixels">Its bytes, as many as its shape has.</param>
    /// <param name="shape">Its shape [channels, height, width], of any size where the folder's <c>preprocessor_config.json</c> has one to resize to; null: <see cref="InputShape"/>, where that is known.</param>
    /// <exception cref="DecantException">The bytes are too many or too few, the folder has no <c>preprocessor_config.json</c> that says what becomes of them, or the model could not be run.</exception>
    public Classification Classify(ReadOnlyMemory<byte> pixels, IReadOnlyList<long>? shape = null) => Classify([pixels], shape)[0];

    /// <summary>Classifies images of bytes, of one shape.</summary>
    /// <param name="images">Any number of them.</param>
    /// <param name="shape">The shape of each; null: <see cref="InputShape"/>, where that is known.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The classes in the order of the images.</returns>
    /// <inheritdoc cref="Classify(ReadOnlyMemory{byte}, IReadOnlyList{long}?)" path="/exception"/>
    public IReadOnlyList<Classification> Classify(IReadOnlyList<ReadOnlyMemory<byte>> images, IReadOnlyList<long>? shape = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var settings = _settings ?? throw new DecantException($"{_folder} has no {ImageSettings.Name}, so what becomes of bytes is not known: expected float32 as the model was trained on them, or that file beside config.json. Exporting the model of a run writes it.");
        var (each, read) = Shapes(shape);
        return Ask(images.Count, i => Resized(ImageNormalizer.Of(ImageModel.Fitting(images[i], each, i).Span, settings, Channels(each)), each, read), read, cancellationToken);
    }

    /// <summary>Classifies images of one shape.</summary>
    /// <param name="images">Any number of them.</param>
    /// <param name="shape">The shape of each; null: <see cref="InputShape"/>, where that is known.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The classes in the order of the images.</returns>
    /// <inheritdoc cref="Classify(ReadOnlyMemory{float}, IReadOnlyList{long}?)" path="/exception"/>
    public IReadOnlyList<Classification> Classify(IReadOnlyList<ReadOnlyMemory<float>> images, IReadOnlyList<long>? shape = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (each, read) = Shapes(shape);
        return Ask(images.Count, i => _settings is { } settings ? Resized(ImageNormalizer.Of(ImageModel.Fitting(images[i], each, i).Span, settings, Channels(each), i), each, read) : ImageModel.Fitting(images[i], each, i), read, cancellationToken);
    }

    /// <summary>Releases the model; calls that run meanwhile come to their end.</summary>
    public void Dispose() => _model.Dispose();

    // The shape that images are given in, and the one that the model reads them in: of another size where they are resized.
    private (long[] Given, long[] Read) Shapes(IReadOnlyList<long>? given)
    {
        if (_settings?.Size is not { } size || _model.Shape is not [_, _, _])
            return (_model.ShapeOf(given), _model.ShapeOf(given));
        long[] each = [.. given ?? InputShape];
        var read = _model.ShapeOf(each is [var channels, > 0, > 0] ? [channels, size.Height, size.Width] : each);
        return (each, read);
    }

    private static float[] Resized(float[] image, long[] given, long[] read) => given is not [var channels, var height, var width] || (height == read[1] && width == read[2])
        ? image : ImageResizer.Resize<float>(image, checked((int)channels), (checked((int)height), checked((int)width)), ((int)read[1], (int)read[2]));

    // A vector is one channel.
    private static long Channels(long[] shape) => shape.Length == 3 ? shape[0] : 1;

    private List<Classification> Ask(int count, Func<int, ReadOnlyMemory<float>> image, long[] shape, CancellationToken cancellationToken)
    {
        var answers = new List<Classification>(count);
        for (var first = 0; first < count; first += _options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var logits = _model.Ask([.. Enumerable.Range(first, Math.Min(_options.BatchSize, count - first)).Select(image)], shape);
            answers.AddRange(logits.Chunk(Labels.Count).Select(row => Classification.Of(Labels, row, isTruncated: false)));
        }

        return answers;
    }
}
