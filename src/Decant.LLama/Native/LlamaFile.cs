using System.Text;
using Decant.Export.Gguf.Checks;
using Decant.Export.Gguf.Format;
using LLama.Exceptions;
using LLama.Native;

namespace Decant.LLama.Native;

/// <summary>A GGUF file as llama.cpp has opened it: mapped into memory, on the processor.</summary>
internal sealed class LlamaFile : IDisposable
{
    private static readonly Lock s_loading = new(); // the log is one for the process

    private LlamaFile(GgufFile file, SafeLlamaModelHandle handle) => (File, Handle) = (file, handle);

    /// <summary>What the file says of itself.</summary>
    public GgufFile File { get; }

    /// <summary>The native model.</summary>
    public SafeLlamaModelHandle Handle { get; }

    /// <summary>V of the file.</summary>
    public int Vocabulary => Handle.Vocab.Count;

    /// <summary>Opens a file that was checked.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tokensOnly">Whether its tokenizer alone is read.</param>
    /// <exception cref="DecantException">llama.cpp refuses it: its own words; or the program has no backend of LLamaSharp.</exception>
    public static LlamaFile Open(GgufFile file, bool tokensOnly = false)
    {
        var isChecked = tokensOnly || GgufCheck.RequireNumbers(file);
        lock (s_loading)
        {
            try
            {
                LlamaLog.Begin();
                var options = LLamaModelParams.Default();
                options.n_gpu_layers = 0;
                options.load_mode = LLamaLoadMode.MemoryMap;
                options.check_tensors = !isChecked; // it writes to the terminal
                options.vocab_only = tokensOnly;
                return new(file, SafeLlamaModelHandle.LoadFromFile(file.Path, options));
            }
            catch (Exception error) when (LlamaBackend.IsMissing(error))
            {
                throw LlamaBackend.Missing(error);
            }
            catch (Exception error) when (error is LoadWeightsFailedException or InvalidOperationException or IOException)
            {
                throw new DecantException($"{file.Path}: llama.cpp cannot open it ({file.Architecture}): {Said(error)}. Fetch or convert the file again; the architectures that are served are those of LLamaSharp's release.", inner: error);
            }
        }
    }

    /// <summary>The ids of a text as llama.cpp makes them.</summary>
    /// <param name="text">The text; special tokens written in it are found.</param>
    /// <param name="isFramed">Whether the tokens around a text are added.</param>
    public int[] Tokenize(string text, bool isFramed) => Array.ConvertAll(Handle.Tokenize(text, isFramed, special: true, Encoding.UTF8), token => (int)token);

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    /// <summary>What llama.cpp said, or else what LLamaSharp did.</summary>
    public static string Said(Exception error) => LlamaLog.Text() is { Length: > 0 } text ? text.TrimEnd('.') : error.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
