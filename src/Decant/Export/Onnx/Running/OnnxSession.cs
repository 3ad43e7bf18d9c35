using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Decant.Export.Onnx.Running;

/// <summary>A model opened in ONNX Runtime, to check what was exported, to calibrate and to measure. Any number of threads may run it at the same time.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string _name;

    private OnnxSession(InferenceSession session, string name) => (_session, _name) = (session, name);

    /// <summary>The inputs in order, with the sizes that the file states: −1 where one varies.</summary>
    public IReadOnlyList<(string Name, Type Type, long[] Shape)> Inputs => [.. _session.InputMetadata.Select(i => (i.Key, i.Value.ElementType, Array.ConvertAll(i.Value.Dimensions, d => (long)d)))];

    /// <summary>The outputs in order.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">How it runs; null: with one thread.</param>
    /// <exception cref="DecantException">ONNX Runtime refuses it.</exception>
    public static OnnxSession Open(string path, OnnxSessionSettings? settings = null) => Open(options => new InferenceSession(path, options), path, settings);

    /// <summary>Opens a model that lies in memory.</summary>
    /// <param name="model">The bytes of its file.</param>
    /// <param name="settings">How it runs; null: with one thread.</param>
    /// <exception cref="DecantException">ONNX Runtime refuses it.</exception>
    public static OnnxSession Open(byte[] model, OnnxSessionSettings? settings = null) => Open(options => new InferenceSession(model, options), "The ONNX model", settings);

    /// <summary>Runs it.</summary>
    /// <param name="inputs">Every input, by name.</param>
    /// <param name="outputs">The outputs that are wanted; null: all.</param>
    /// <exception cref="DecantException">ONNX Runtime refuses the inputs: names, types, sizes.</exception>
    public IReadOnlyDictionary<string, OnnxArray> Run(IReadOnlyDictionary<string, OnnxArray> inputs, IReadOnlyCollection<string>? outputs = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var values = inputs.ToDictionary(i => i.Key, i => OnnxValues.Of(i.Value));
        try
        {
            var wanted = outputs ?? _session.OutputNames;
            using var results = _session.Run(_options, values, wanted);
            return wanted.Zip(results).ToDictionary(r => r.First, r => OnnxValues.Read(r.Second));
        }
        catch (OnnxRuntimeException error)
        {
            throw new DecantException($"{_name}: ONNX Runtime refuses to run it: {error.Message} Its inputs are {string.Join(", ", Inputs.Select(Described))}; given were {string.Join(", ", inputs.Select(Described))}.", inner: error);
        }
        finally
        {
            foreach (var value in values.Values)
                value.Dispose();
        }
    }

    /// <summary>A call that runs it on the same inputs each time, with as little around it as there can be: to time it.</summary>
    /// <param name="inputs">Every input, by name.</param>
    public Action Prepared(IReadOnlyDictionary<string, OnnxArray> inputs)
    {
        var values = inputs.ToDictionary(i => i.Key, i => OnnxValues.Of(i.Value)); // pinned as long as the call lives
        string[] names = [.. values.Keys];
        OrtValue[] given = [.. values.Values];
        string[] outputs = [.. _session.OutputNames];
        return () =>
        {
            using var results = _session.Run(_options, names, given, outputs);
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    // Sizes that may vary are negative.
    private static string Described((string Name, Type Type, long[] Shape) input) => $"{input.Name} {input.Type.Name} [{string.Join(", ", input.Shape.Select(size => size < 0 ? "any" : size.ToString(CultureInfo.InvariantCulture)))}]";

    private static string Described(KeyValuePair<string, OnnxArray> input) => $"{input.Key} {input.Value.Values.GetType().GetElementType()!.Name} [{string.Join(", ", input.Value.Shape)}]";

    private static OnnxSession Open(Func<SessionOptions, InferenceSession> open, string name, OnnxSessionSettings? settings)
    {
        using var options = (settings ?? new()).Make();
        try
        {
            return new OnnxSession(open(options), name);
        }
        catch (OnnxRuntimeException error)
        {
            throw new DecantException($"{name}: ONNX Runtime refuses to open it: {error.Message}", inner: error);
        }
    }
}
