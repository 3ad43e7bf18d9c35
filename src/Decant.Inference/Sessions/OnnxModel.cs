using Decant.Files;
using Microsoft.ML.OnnxRuntime;

namespace Decant.Inference.Sessions;

/// <summary>An ONNX file that is loaded. Safe to use from several threads; what runs when it is disposed of runs to its end.</summary>
internal sealed class OnnxModel : IDisposable
{
    // With fewer bytes the work of one text is too short to be shared among threads.
    private const long SmallFile = 64 << 20;
    private const string TaskKey = "decant.task";

    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly UseCount _uses;

    private OnnxModel(string path, InferenceSession session)
    {
        (Path, _session) = (path, session);
        _uses = new(Release);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The inputs by their names.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>The outputs by their names.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>The task that the file names, one of <see cref="ArchitectureTask"/>'s; null: it names none.</summary>
    public string? Task => _session.ModelMetadata.CustomMetadataMap.TryGetValue(TaskKey, out var task) ? task : null;

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">How many threads compute one run; null: one for files of up to 64 MiB, else as many as the processor has cores.</param>
    /// <exception cref="DecantException">The file is missing, damaged or none that ONNX Runtime can run, or ONNX Runtime itself is missing.</exception>
    public static OnnxModel Open(string path, int? threads)
    {
        try
        {
            RegularFile.Require(path);
            using var options = Options(threads ?? (new FileInfo(path).Length <= SmallFile ? 1 : 0));
            return new(path, new InferenceSession(path, options));
        }
        catch (OnnxRuntimeException error)
        {
            throw new DecantException($"{path} cannot be loaded; expected a whole ONNX file: {error.Message.TrimEnd('.')}. Export or copy it again.", inner: error);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new DecantException($"ONNX Runtime's native library cannot be loaded: {(error.InnerException ?? error).Message} It comes with the package Microsoft.ML.OnnxRuntime for Windows, macOS and Linux on x64 and arm64.", ExitCodes.Machine, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", inner: error);
        }
    }

    /// <summary>Computes outputs into memory that the caller has prepared.</summary>
    /// <exception cref="DecantException">ONNX Runtime could not compute it: why.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public void Run(string[] inputNames, OrtValue[] inputs, string[] outputNames, OrtValue[] outputs)
    {
        Begin();
        try
        {
            _session.Run(_options, inputNames, inputs, outputNames, outputs);
        }
        catch (OnnxRuntimeException error)
        {
            throw Failed(error);
        }
        finally
        {
            _uses.End();
        }
    }

    /// <summary>Computes outputs into memory of ONNX Runtime, which is the caller's to dispose of.</summary>
    /// <inheritdoc cref="Run(string[], OrtValue[], string[], OrtValue[])" path="/exception"/>
    public IDisposableReadOnlyCollection<OrtValue> Run(string[] inputNames, OrtValue[] inputs, string[] outputNames)
    {
        Begin();
        try
        {
            return _session.Run(_options, inputNames, inputs, outputNames);
        }
        catch (OnnxRuntimeException error)
        {
            throw Failed(error);
        }
        finally
        {
            _uses.End();
        }
    }

    /// <summary>Releases the model as soon as nothing runs.</summary>
    public void Dispose() => _uses.Close();

    private static SessionOptions Options(int threads)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // faults come as exceptions
        };
        // Threads that spin while they wait take the cores from everything else in the process.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }

    private DecantException Failed(OnnxRuntimeException error) => new($"{Path} could not be run: {error.Message} Do the file and the config.json beside it belong together?", inner: error);

    private void Begin() => ObjectDisposedException.ThrowIf(!_uses.TryBegin(), this);

    private void Release()
    {
        _options.Dispose();
        _session.Dispose();
    }
}
