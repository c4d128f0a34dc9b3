import { ColorThemeKind, window } from 'vscode';
import type { ChartTheme } from '../../core/views/history-chart.ts';

/** Which colours an image needs now: it cannot read those of the theme. */
export function chartTheme(): ChartTheme {
  switch (window.activeColorTheme.kind) {
    case ColorThemeKind.Light:
      return 'light';
    case ColorThemeKind.HighContrast:
      return 'highContrast';
    case ColorThemeKind.HighContrastLight:
      return 'highContrastLight';
    case ColorThemeKind.Dark:
      return 'dark';
  }
}
