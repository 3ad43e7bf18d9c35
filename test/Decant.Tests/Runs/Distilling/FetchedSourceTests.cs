using Decant.Hub;
using Decant.Runs.Distilling;

namespace Decant.Tests.Runs.Distilling;

public sealed class FetchedSourceTests
{
    [Fact]
    public void A_program_names_a_model_of_the_hub_as_it_names_a_folder()
    {
        ModelSource source = "hf:acme/minilm";
        var fetched = source.Fetched(new ModelFetching(() => [new Hub()]), null, CancellationToken.None);
        Assert.Equal(("/cache/acme/minilm", "hf:acme/minilm@c0ffee"), (fetched.Folder, fetched.Exact));
        ModelSource folder = "models/minilm";
        Assert.Same(folder, folder.Fetched(new ModelFetching(() => throw new InvalidOperationException("nobody asked")), null, CancellationToken.None));
    }

    private sealed class Hub : IModelFetcher
    {
        public string Scheme => ModelAddress.HuggingFace;

        public FetchedModel Fetch(FetchRequest request, IProgress<FetchProgress>? progress, CancellationToken cancellationToken) => new("/cache/" + request.Address.Name, $"{request.Address}@c0ffee", []);
    }
}
