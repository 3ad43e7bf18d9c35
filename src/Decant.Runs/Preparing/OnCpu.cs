using Decant.Modules;
using Decant.Torch;

namespace Decant.Runs.Preparing;

/// <summary>A model on the CPU, where its graph is made, until it is disposed; then it is where it was.</summary>
internal sealed class OnCpu : IDisposable
{
    private readonly Model _model;
    private readonly Device _before;

    public OnCpu(Model model)
    {
        (_model, _before) = (model, model.Device);
        Move(Device.Cpu);
    }

    /// <inheritdoc/>
    public void Dispose() => Move(_before);

    private void Move(Device device)
    {
        if (_model.Device != device)
            _model.To(device);
    }
}
